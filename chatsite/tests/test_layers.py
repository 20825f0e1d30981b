"""Which parts of the code may import which others: layers, satellites, the ground floor; and no cycles."""

import pytest

from chatsite.tests.code import MODULES, cycles, edges, listed

# From the top down; each layer imports only from itself and those above it.
LAYERS = {
    "conversations": {
        "words": (
            *("text", "transfer.slack.mrkdwn", "search.query"),
            *("notifications.wall_clock", "notifications.hours", "notifications.hours_in_words"),
            *("notifications.push.encryption", "notifications.push.answers"),
        ),
        "nouns": ("models", "notifications.models"),
        "carriers": (
            "adapter",
            "live",
            "transfer",
            "reports",
            "search.engine",
            "search.plan",
            "search.windows",
            "search.marking",
            "fragments",
            "first_steps",
            "jobs",
            "mail",
            "notifications",
        ),
        "doors": (
            *("views", "forms", "api", "admin", "management", "templatetags", "search.views", "search.forms"),
            *("notifications.views", "notifications.forms", "notifications.context_processors"),
        ),
        "addresses": ("urls", "notifications.urls"),
    },
    "accounts": {
        "words": ("names", "user_names", "pictures", "typos", "secrets"),
        "nouns": ("models",),
        "carriers": (
            "adapters",
            "allauth_internals",
            "backend",
            "jobs",
            "known_browsers",
            "mail",
            "sessions",
            "unsent",
        ),
        "doors": (
            *("forms", "sign_up_flow", "views", "api", "admin", "middleware", "context_processors", "templatetags"),
            "management",
        ),
        "addresses": ("urls",),
    },
}
SATELLITES = [f"conversations.{name}" for name in ("transfer", "notifications", "webhooks", "retention", "api")]
# Django finds commands only in apps, and `transfer` is not an app.
MAY_IMPORT_SATELLITES = ("conversations.management", "conversations.urls")
GROUND_FLOOR = [f"chatsite.{name}" for name in ("speed", "jobs", "deliveries", "outgoing", "api")]
TRIALS = "chatsite.trials"
EDGES = edges()


def inside(module, *packages):
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def app_of(module):
    return module.partition(".")[0]


def layer(module):
    """Return the number of a module's layer, None if it has none; the longest prefix decides."""
    app, _, rest = module.partition(".")
    found = [
        (len(prefix), number)
        for number, prefixes in enumerate(LAYERS[app].values())
        for prefix in prefixes
        if inside(rest, prefix)
    ]
    return max(found)[1] if found else None


def fail_where(is_forbidden):
    found = [f"{source} imports {target}" for source, target in EDGES if is_forbidden(source, target)]
    assert not found, listed(found)


def test_there_are_imports_to_check():
    assert ("conversations.views.conversation.days", "conversations.models") in EDGES
    assert len(EDGES) > 500


def test_each_module_of_an_app_has_a_layer():
    names = [module.name for module in MODULES if app_of(module.name) in LAYERS and module.source.strip()]
    found = [name for name in names if layer(name) is None]
    assert not found, listed(found)


def test_a_module_imports_only_from_its_own_layer_and_those_above():
    def goes_down(source, target):
        app = app_of(source)
        return app in LAYERS and app == app_of(target) and (layer(source) or 0) < (layer(target) or 0)

    fail_where(goes_down)


def test_accounts_does_not_import_conversations():
    fail_where(lambda source, target: inside(source, "accounts") and inside(target, "conversations"))


def test_the_core_imports_no_satellite_and_no_satellite_another():
    def crosses(source, target):
        [own] = [each for each in SATELLITES if inside(source, each)] or [None]
        others = [each for each in SATELLITES if each != own]
        return inside(target, *others) and not inside(source, "chatsite", *MAY_IMPORT_SATELLITES)

    fail_where(crosses)


def test_apps_import_only_the_ground_floor_of_the_site():
    def climbs(source, target):
        return app_of(source) in LAYERS and inside(target, "chatsite") and not inside(target, *GROUND_FLOOR)

    fail_where(climbs)


def test_the_ground_floor_imports_only_itself():
    def leaves(source, target):
        return inside(source, *GROUND_FLOOR) and not inside(target, *GROUND_FLOOR)

    fail_where(leaves)


def test_only_the_trials_import_the_trials():
    fail_where(lambda source, target: inside(target, TRIALS) and not inside(source, TRIALS))


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("conversations.models.message.posting", "conversations.views.showing"),
        ("conversations.text.mentions", "conversations.models"),
        ("accounts.models", "accounts.adapters"),
    ],
)
def test_modules_are_assigned_to_the_right_layers(source, target):
    assert layer(source) < layer(target)


def test_there_are_no_import_cycles():
    """Imports for type checkers alone count as well."""
    found = [" -> ".join(cycle) for cycle in cycles()]
    assert not found, listed(found)
