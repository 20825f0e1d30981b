"""Which verbs there are: the public functions in which `by` acts."""

import inspect


def verbs_of(*owners):
    """Name the verbs of classes and modules."""
    return {name for owner in owners for name, function in inspect.getmembers(owner, is_verb) if name[0] != "_"}


def is_verb(member):
    if not inspect.isfunction(member):
        return False
    names = [name for name in inspect.signature(member).parameters if name != "self"]
    return names[:1] == ["by"]


def called_by(acts):
    """Name what these functions call."""
    return {name for act in acts for name in act.__code__.co_names}
