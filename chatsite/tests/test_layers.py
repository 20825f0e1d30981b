"""Each layer imports only from those above it; accounts knows nothing of conversations."""

import ast

import pytest
from django.conf import settings

# From the top down; the first prefix that fits tells a module's layer.
LAYERS = {
    "conversations": [
        ["conversations.text", "conversations.transfer.slack.mrkdwn", "conversations.search.query"],
        ["conversations.models"],
        [
            "conversations.transfer",
            "conversations.live",
            "conversations.reports",
            "conversations.search.engine",
            "conversations.search.plan",
            "conversations.fragments",
            "conversations.first_steps",
        ],
        [
            *("conversations.views", "conversations.forms", "conversations.admin", "conversations.management"),
            *("conversations.templatetags", "conversations.search.views", "conversations.search.forms"),
        ],
        ["conversations.urls"],
    ],
    "accounts": [
        ["accounts.pictures", "accounts.mail"],
        ["accounts.models"],
        ["accounts.allauth_internals", "accounts.adapters", "accounts.backend", "accounts.sessions"],
        [
            *("accounts.forms", "accounts.sign_up_flow", "accounts.views", "accounts.admin", "accounts.middleware"),
            *("accounts.context_processors", "accounts.templatetags", "accounts.management"),
        ],
        ["accounts.urls"],
    ],
}


def modules():
    for app in ("accounts", "conversations", "chatsite"):
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if not {"tests", "migrations"} & set(path.parts):
                name = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
                yield name.removesuffix(".__init__"), path


def imports(path):
    """Find what a module of ours imports of ours when it runs; what is for type checkers alone does not count."""
    tree = ast.parse(path.read_text())
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node not in for_types:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(module):
    for number, prefixes in enumerate(LAYERS.get(module.partition(".")[0], [])):
        if module.startswith(tuple(prefixes)):
            return number
    return None


EDGES = [(name, target) for name, path in modules() for target in imports(path)]


def test_there_are_imports_to_judge():
    assert ("conversations.views.conversation.days", "conversations.models.Conversation") in EDGES


@pytest.mark.parametrize("name", sorted({name for name, _ in EDGES if layer(name) is not None}))
def test_a_module_imports_only_from_its_own_layer_and_those_above(name):
    app = name.partition(".")[0]
    for target in (target for source, target in EDGES if source == name and target.startswith(f"{app}.")):
        assert layer(target) is not None, f"{target} is in no layer"
        assert layer(target) <= layer(name), f"{name} imports {target}"


def test_apps_import_only_downwards():
    allowed = {
        "accounts": ("chatsite.speed",),
        "conversations": (
            "accounts.models",
            "accounts.forms",
            "accounts.sign_up_flow",
            "accounts.mail",
            "accounts.pictures.cleaning",
            "chatsite.environment",
            "chatsite.speed",
        ),
        "chatsite": ("accounts.models", "conversations.live", "chatsite"),
    }
    for source, target in EDGES:
        app, other = source.partition(".")[0], target.partition(".")[0]
        if other in LAYERS.keys() | {"chatsite"} and app != other:
            assert target.startswith(allowed[app] or ("nothing",)), f"{source} imports {target}"


def test_no_module_imports_itself_by_a_detour():
    names = {name for name, _ in modules()}

    def known(target):
        return target if target in names else target.rpartition(".")[0]

    graph = {name: {known(target) for source, target in EDGES if source == name} & names - {name} for name in names}
    while free := [name for name, targets in graph.items() if not targets]:
        for name in free:
            del graph[name]
        graph = {name: targets - set(free) for name, targets in graph.items()}
    assert graph == {}


def test_doors_reach_things_through_who_looks():
    """In a view, a form or the admin, messages and conversations come from `visible_to` or a verb."""
    allowed = (
        "visible_to(",
        "one_visible_to(",
        "inbox_top(",
        "including_deleted_visible_to(",
        "inbox_of(",
        "to_browse(",
        "active(",
        "all()",
    )
    allowed += ("storing(", "start(", "direct(", "mark_read(", "mark_unread(", "save_draft(")
    allowed += ("mark_all_read(", "mark_newest_unread(", "restore_read_markers(", "inbox_showing(")
    allowed += ("restorable_by(", "may_rejoin(", "set_notify(", "recently_deleted(")
    allowed += ("of(request.user", "erase(")  # recent searches, which are one's own
    allowed += ("good(", "named_by(", "managed_by(", "invite(", "none()", "record(", "here()", "filter(email=email)")
    for name, path in modules():
        if name.startswith(
            (
                "conversations.views",
                "conversations.search.views",
                "conversations.forms",
                "conversations.admin",
                "conversations.templatetags",
            )
        ):
            for use in path.read_text().split(".objects.")[1:]:
                assert use.startswith(allowed), f"{name}: .objects.{use[:30]}"
