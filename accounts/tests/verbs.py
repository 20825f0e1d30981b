"""Find the verbs: the public functions whose first argument is `by`, the person who acts."""

import inspect


def verbs_of(*owners):
    """Return the names of the verbs of classes and modules."""
    return {name for owner in owners for name, function in inspect.getmembers(owner, is_verb) if name[0] != "_"}


def is_verb(member):
    if not inspect.isfunction(member):
        return False
    names = [name for name in inspect.signature(member).parameters if name != "self"]
    return names[:1] == ["by"]


def called_by(acts):
    """Return the names of everything that these functions call."""
    return {name for act in acts for name in act.__code__.co_names}
