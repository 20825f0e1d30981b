"""Doors find, act and show: permissions, limits, the audit log and queries are up to the nouns."""

import ast
import inspect

from django.apps import apps

from chatsite.tests.code import MODULES, listed

OURS = ("accounts", "conversations")
PAGES = ("views", "forms", "admin", "templatetags", "api", "search.views", "search.forms")
PAGES += ("middleware", "sign_up_flow", "context_processors")
COMMANDS = ("management",)
REFUSALS = {"PermissionDenied", "NotAllowed"}
PERSON = {"by", "user", "person"}  # names of the first parameter
# Queries that pages may use without a person, and why.
WITHOUT_PERSON = {
    ("Invitation", "named_by"): "a token is a right of its own",
    ("Invitation", "count_request"): "a visitor without an account requests one for an e-mail address",
}
DJANGOS_OWN = {"none", "count"}  # return no rows


def doors(*prefixes):
    for module in MODULES:
        app, _, rest = module.name.partition(".")
        if app in OURS and any(rest == prefix or rest.startswith(f"{prefix}.") for prefix in prefixes):
            yield module


def calls(module):
    """Yield the name and the location of each call: `limits.take(…)` is a call of `take`, `filter(…)` is Python's."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            words = ast.unparse(node.func)
            if words != "filter" and not words.startswith("register."):  # as @register.filter(name=…)
                yield getattr(node.func, "attr", None) or node.func.id, f"{module.path}:{node.lineno}"


def called(*names):
    return [location for module in doors(*PAGES, *COMMANDS) for name, location in calls(module) if name in names]


def uses_of_managers(*prefixes):
    """Yield (location, model, method) for each `Model.objects.method`."""
    models = {model.__name__: model for model in apps.get_models()}
    for module in doors(*prefixes):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and getattr(node.value, "attr", "") == "objects":
                yield f"{module.path}:{node.lineno}", models[ast.unparse(node.value.value)], node.attr


def is_named(model, method):
    """Return whether a method is our own, or one of Django's that returns no rows."""
    found = getattr(model.objects, method, None)
    return method in DJANGOS_OWN or (getattr(found, "__module__", "") or "").partition(".")[0] in OURS


def person_first(model, method):
    first = next(iter(inspect.signature(getattr(model.objects, method)).parameters), "")
    return first in PERSON


def test_there_are_doors_to_check():
    assert len(list(doors(*PAGES))) > 40
    assert len(list(uses_of_managers(*PAGES))) > 40
    assert called("redirect", "render")


def test_no_door_counts_towards_a_limit():
    found = called("take", "take_by_key")
    assert not found, listed(found)


def test_no_door_writes_to_the_audit_log():
    found = called("record")
    assert not found, listed(found)


def test_no_door_raises_a_refusal():
    found = [
        f"{module.path}:{node.lineno}"
        for module in doors(*PAGES, *COMMANDS)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Raise) and REFUSALS & {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    ]
    assert not found, listed(found)


def test_no_door_composes_a_query():
    found = called("filter", "exclude")
    assert not found, listed(found)


def test_doors_use_only_named_queries():
    uses = uses_of_managers(*PAGES, *COMMANDS)
    found = [f"{location} {model.__name__}.{method}" for location, model, method in uses if not is_named(model, method)]
    assert not found, listed(found)


def test_pages_reach_messages_only_through_what_their_reader_sees():
    """`conversation.messages` has all of them; `conversation.seen_messages` asks from when the reader may see them."""
    found = [
        f"{module.path}:{node.lineno}"
        for module in doors(*PAGES)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr == "messages"
        if "conversation" in ast.unparse(node.value) and not ast.unparse(node.value).startswith("conversations.")
    ]
    assert not found, listed(found)


def test_pages_query_conversations_only_through_a_person():
    found = [
        f"{location} {model.__name__}.{method}"
        for location, model, method in uses_of_managers(*PAGES)
        if model._meta.app_label == "conversations" and method != "none" and is_named(model, method)
        if not person_first(model, method) and (model.__name__, method) not in WITHOUT_PERSON
    ]
    assert not found, listed(found)
