"""The owner's tables, as found in PostgreSQL's catalogue."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

BIGINT, STAMP = "bigint", "timestamp with time zone"
COLUMNS = {  # table: {column: (type, NOT NULL, default)}
    "users": {
        "id": (BIGINT, True, None),
        "username": ("character varying(50)", True, None),
        "email": ("character varying(255)", True, None),
        "created_at": (STAMP, True, "now()"),
    },
    "conversations": {
        "id": (BIGINT, True, None),
        "title": ("character varying(255)", False, None),
        "created_at": (STAMP, True, "now()"),
    },
    "conversation_members": {
        "conversation_id": (BIGINT, True, None),
        "user_id": (BIGINT, True, None),
        "joined_at": (STAMP, True, "now()"),
    },
    "messages": {
        "id": (BIGINT, True, None),
        "conversation_id": (BIGINT, True, None),
        "user_id": (BIGINT, False, None),
        "content": ("text", True, None),
        "created_at": (STAMP, True, "now()"),
    },
}
CONSTRAINTS = {
    ("users", "PRIMARY KEY (id)"),
    ("users", "UNIQUE (username)"),
    ("users", "UNIQUE (email)"),
    ("conversations", "PRIMARY KEY (id)"),
    ("conversation_members", "PRIMARY KEY (conversation_id, user_id)"),
    ("conversation_members", "FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON DELETE CASCADE"),
    ("conversation_members", "FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE"),
    ("messages", "PRIMARY KEY (id)"),
    ("messages", "FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON DELETE CASCADE"),
    ("messages", "FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL"),
}
INDEXES = {
    "idx_messages_conversation": "ON messages (conversation_id, created_at DESC)",
    "idx_conversation_members_user": "ON conversation_members (user_id)",
    "members_watching": "ON conversation_members (conversation_id, user_id) WHERE ((notify)::text = 'watch'::text)",
    "members_with_history_from": "ON conversation_members (user_id, conversation_id) WHERE (history_from IS NOT NULL)",
    "messages_conv_created_id": "ON messages (conversation_id, created_at DESC, id DESC)",
    "messages_timeline": (
        "ON messages (conversation_id, created_at DESC, id DESC) INCLUDE (is_silent)"
        " WHERE ((deleted_at IS NULL) AND in_conversation)"
    ),
    "messages_conv_revision": "ON messages (conversation_id, revision)",
    "messages_user_created": "ON messages (user_id, created_at DESC)",
    "messages_created_user": "ON messages (created_at, user_id)",
    "messages_reply_to": "ON messages (reply_to_id) WHERE (reply_to_id IS NOT NULL)",
    "messages_thread": "ON messages (thread_id, created_at) WHERE (thread_id IS NOT NULL)",
    "messages_deleted": "ON messages (deleted_at) WHERE (deleted_at IS NOT NULL)",
    "messages_tsv": "USING gin (tsv)",
    "messages_deleted_by": "ON messages (deleted_by_id) WHERE (deleted_by_id IS NOT NULL)",
    "messages_has_link": "ON messages (created_at) WHERE has_link",
    "messages_has_code": "ON messages (created_at) WHERE has_code",
    "messages_without_facts": "ON messages (created_at) WHERE ((has_link IS NULL) OR (has_code IS NULL))",
    "users_names_parts": "gin_trgm_ops",
    "messages_sentences": "ON messages (id) WHERE (is_system AND (NOT (content = ''::text)))",
}
OF_CONSTRAINTS = {
    *("users_pkey", "users_username_unique", "users_email_unique", "users_origin_unique"),
    *("conversations_pkey", "conversations_origin_unique", "one_direct_conversation_per_set_of_people"),
    *("conversation_members_pkey", "messages_pkey", "messages_client_key_unique"),
}


def ask(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


@pytest.mark.parametrize("table", COLUMNS)
def test_each_table_has_the_owners_columns(table):
    found = ask(
        """
        SELECT attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)
        FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE attrelid = %s::regclass AND attnum > 0
        """,
        table,
    )
    columns = {name: tuple(rest) for name, *rest in found}
    assert {name: columns[name] for name in COLUMNS[table]} == COLUMNS[table]


def test_foreign_keys_cascade_in_the_database():
    found = ask(
        """
        SELECT conrelid::regclass::text, replace(pg_get_constraintdef(oid), ' DEFERRABLE INITIALLY DEFERRED', '')
        FROM pg_constraint WHERE conrelid = ANY(%s::regclass[])
        """,
        list(COLUMNS),
    )
    assert set(found) >= CONSTRAINTS


def test_only_indexes_that_queries_use_exist():
    found = dict(ask("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)", list(COLUMNS)))
    assert set(found) == set(INDEXES) | OF_CONSTRAINTS
    for name, definition in INDEXES.items():
        assert definition in found[name].replace("public.", "").replace(" USING btree", "")


def test_rows_with_only_the_owners_columns_are_shown(world, as_):
    """Another program may insert rows, and the site shows them."""
    [(user,)] = ask("INSERT INTO users (username, email) VALUES ('zoe', 'zoe@example.org') RETURNING id")
    [(conversation,)] = ask("INSERT INTO conversations (title) VALUES ('From outside') RETURNING id")
    [(message,)] = ask(
        "INSERT INTO messages (conversation_id, user_id, content) VALUES (%s, %s, '*hello*') RETURNING id",
        conversation,
        user,
    )
    page = as_(world.ana).get(f"/c/{conversation}/").content.decode()
    assert f'id="m{message}"' in page
    assert "<em>hello</em>" in page
