CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';
CREATE TABLE public.audit (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor_id bigint,
    actor character varying(50) NOT NULL,
    action character varying(100) NOT NULL,
    target character varying(200) NOT NULL,
    details character varying(500) NOT NULL,
    previous character varying(64) DEFAULT ''::character varying NOT NULL,
    hash character varying(64) DEFAULT ''::character varying NOT NULL
);
CREATE FUNCTION public.audit_hash(line public.audit) RETURNS text
    LANGUAGE sql STABLE
    AS $$
                SELECT encode(sha256(convert_to(jsonb_build_array(
                    line.previous, line.id, extract(epoch FROM line.at), line.actor_id, line.actor, line.action,
                    line.target, line.details
                )::text, 'UTF8')), 'hex')
            $$;
CREATE FUNCTION public.chain_audit() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
            BEGIN
                PERFORM pg_advisory_xact_lock(x'6175646974'::bigint);
                NEW.id = nextval(pg_get_serial_sequence('audit', 'id'));  -- under the lock: ids in the order of the chain
                NEW.previous = coalesce((SELECT hash FROM audit ORDER BY id DESC LIMIT 1), '');
                NEW.hash = audit_hash(NEW);
                RETURN NEW;
            END $$;
CREATE FUNCTION public.keep_an_owner() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
            BEGIN
                IF OLD.role = 'owner' AND OLD.is_active
                    AND (TG_OP = 'DELETE' OR NEW.role <> 'owner' OR NOT NEW.is_active)
                THEN
                    PERFORM pg_advisory_xact_lock(x'6f776e657273'::bigint);
                    IF NOT EXISTS (SELECT FROM users WHERE role = 'owner' AND is_active AND id <> OLD.id) THEN
                        RAISE EXCEPTION 'the last owner stays one' USING ERRCODE = 'check_violation';
                    END IF;
                END IF;
                RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
            END $$;
CREATE FUNCTION public.refuse_to_change_audit() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
            BEGIN
                RAISE EXCEPTION 'the audit log is never changed' USING ERRCODE = 'insufficient_privilege';
            END $$;
CREATE FUNCTION public.search_fold(said text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
BEGIN
    IF octet_length(said) = length(said) THEN
        RETURN lower(said);
    END IF;
    RETURN normalize(lower(regexp_replace(normalize(said, NFKD), '[\u0300-\u036f]+', '', 'g')), NFC);
END $$;
CREATE FUNCTION public.search_looks_for(said text, exactly boolean) RETURNS tsquery
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
DECLARE
    words text := public.search_split(said);
    exact tsquery := phraseto_tsquery('pg_catalog.simple', words);
    stem tsquery := phraseto_tsquery('public.chatsite', words);
BEGIN
    IF exactly OR numnode(exact) = 0 THEN
        RETURN exact;
    ELSIF numnode(exact) > 1 OR stem = exact THEN
        RETURN (exact::text || ':*')::tsquery;
    END IF;
    RETURN (exact::text || ':*')::tsquery || stem;
END $$;
CREATE FUNCTION public.search_remember() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    -- In order, so that two who write the same new words never wait for each other.
    INSERT INTO public.search_words (word)
    SELECT word FROM public.search_vocabulary_of(NEW.content || ' ' || NEW.file_names) AS word
    WHERE NOT EXISTS (SELECT FROM public.search_words AS known WHERE known.word = word.word)
    ORDER BY word ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION public.search_split(said text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
DECLARE
    words text := translate(public.search_fold(said), $c$!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~$c$, repeat(' ', 32));
    picture text;
BEGIN
    IF octet_length(words) = length(words) THEN
        RETURN words;
    END IF;
    FOR picture IN
        SELECT DISTINCT match[1] FROM regexp_matches(words, '[\u2190-\u2bff\U0001f000-\U0001faff]', 'g') AS match
    LOOP
        words := replace(words, picture, ' emoji' || to_hex(ascii(picture)) || ' ');
    END LOOP;
    words := regexp_replace(
        words,
        '[\u0080-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u02c2-\u02df\u0589\u05be\u060c\u061b\u061f'
        '\u066a-\u066d\u06d4\u0964\u0965\u2000-\u206f\u20a0-\u20cf\u3000-\u3004\u3008-\u3030\ufe00-\ufe6f\uff00-\uff0f'
        '\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+',
        ' ', 'g'
    );
    RETURN regexp_replace(
        words,
        '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff'
        '\U00020000-\U0003134f])',
        ' \1 ', 'g'
    );
END $_$;
CREATE FUNCTION public.search_vector(content text, file_names text, html text, is_reply boolean) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE COST 200 PARALLEL SAFE
    AS $$
DECLARE
    said text := public.search_split(left(content || ' ' || file_names, 50000));
BEGIN
    RETURN to_tsvector('pg_catalog.simple', said) || strip(to_tsvector('public.chatsite', said)) || array_to_tsvector(
        array_remove(ARRAY[
            CASE WHEN html LIKE '%<a href="http%' THEN ':link' END,
            CASE WHEN html LIKE '%<code>%' THEN ':code' END,
            CASE WHEN file_names <> '' THEN ':file' END,
            CASE WHEN is_reply THEN ':reply' END
        ], NULL)
    );
END $$;
CREATE FUNCTION public.search_vocabulary_of(said text) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
    SELECT word
    FROM unnest(tsvector_to_array(to_tsvector('pg_catalog.simple', public.search_split(left(said, 50000))))) AS word
    WHERE length(word) BETWEEN 3 AND 40 AND word !~ '^([0-9]+|emoji[0-9a-f]+)$'
$_$;
CREATE TEXT SEARCH DICTIONARY public.chatsite_stem (
    TEMPLATE = pg_catalog.snowball,
    language = 'english' );
CREATE TEXT SEARCH CONFIGURATION public.chatsite (
    PARSER = pg_catalog."default" );
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR asciiword WITH public.chatsite_stem;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR word WITH public.chatsite_stem;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR numword WITH public.chatsite_stem;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR email WITH simple;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR url WITH simple;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR host WITH simple;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR sfloat WITH simple;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR version WITH simple;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR hword_numpart WITH simple;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR hword_part WITH simple;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR hword_asciipart WITH simple;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR numhword WITH simple;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR asciihword WITH simple;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR hword WITH simple;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR url_path WITH simple;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR file WITH simple;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR "float" WITH simple;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR "int" WITH simple;
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ADD MAPPING FOR uint WITH simple;
CREATE TABLE public.attachments (
    id bigint NOT NULL,
    "position" smallint NOT NULL,
    name character varying(255) NOT NULL,
    content_type character varying(100) NOT NULL,
    size bigint NOT NULL,
    key character varying(100) NOT NULL,
    width integer,
    height integer,
    description character varying(1000) DEFAULT ''::character varying NOT NULL,
    message_id bigint NOT NULL
);
ALTER TABLE public.attachments ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.attachments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE public.audit ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE UNLOGGED TABLE public.cache (
    cache_key character varying(255) NOT NULL,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE TABLE public.conversation_members (
    joined_at timestamp with time zone DEFAULT now() NOT NULL,
    last_read_message_id bigint,
    last_read_at timestamp with time zone DEFAULT now() NOT NULL,
    role character varying(10) DEFAULT 'member'::character varying NOT NULL,
    notify character varying(10) DEFAULT 'all'::character varying NOT NULL,
    draft text DEFAULT ''::text NOT NULL,
    draft_key uuid,
    conversation_id bigint NOT NULL,
    user_id bigint NOT NULL
)
WITH (fillfactor='85');
CREATE TABLE public.conversations (
    id bigint NOT NULL,
    title character varying(255),
    topic character varying(250) DEFAULT ''::character varying NOT NULL,
    kind character varying(10) DEFAULT 'open'::character varying NOT NULL,
    direct_key character varying(200),
    archived_at timestamp with time zone,
    deleted_at timestamp with time zone,
    origin character varying(100),
    revision bigint DEFAULT 0 NOT NULL,
    oldest_cursor bigint DEFAULT 0 NOT NULL,
    last_message_id bigint,
    last_message_at timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by_id bigint,
    deleted_by_id bigint,
    CONSTRAINT direct_conversations_have_a_key CHECK ((((direct_key IS NOT NULL) AND ((kind)::text = 'direct'::text)) OR ((NOT ((kind)::text = 'direct'::text)) AND (direct_key IS NULL))))
)
WITH (fillfactor='85');
ALTER TABLE public.conversations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.conversations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.former_members (
    ended_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    membership jsonb NOT NULL,
    conversation_id bigint NOT NULL,
    ended_by_id bigint,
    user_id bigint NOT NULL
);
CREATE TABLE public.invitations (
    id bigint NOT NULL,
    was_by_person boolean NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    uses_left integer NOT NULL,
    role character varying(10) NOT NULL,
    email character varying(255) NOT NULL,
    conversation_ids bigint[] NOT NULL,
    created_by_id bigint,
    CONSTRAINT invitations_are_not_used_too_often CHECK ((uses_left >= 0))
);
ALTER TABLE public.invitations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.invitations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE UNLOGGED TABLE public.limits (
    key character varying(200) NOT NULL,
    full_at timestamp with time zone NOT NULL
);
CREATE TABLE public.mentions (
    mentioned_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    seen_at timestamp with time zone,
    conversation_id bigint NOT NULL,
    user_id bigint NOT NULL,
    message_id bigint NOT NULL
);
CREATE TABLE public.message_earlier_texts (
    id bigint NOT NULL,
    content text NOT NULL,
    html text DEFAULT ''::text NOT NULL,
    replaced_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    message_id bigint NOT NULL
);
ALTER TABLE public.message_earlier_texts ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.message_earlier_texts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.message_reactions (
    emoji character varying(40) NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    message_id bigint NOT NULL,
    user_id bigint NOT NULL
);
CREATE TABLE public.messages (
    id bigint NOT NULL,
    content text NOT NULL,
    html text DEFAULT ''::text NOT NULL,
    file_names text DEFAULT ''::text NOT NULL,
    is_system boolean DEFAULT false NOT NULL,
    has_extras boolean DEFAULT false NOT NULL,
    client_key uuid DEFAULT gen_random_uuid() NOT NULL,
    revision bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    edited_at timestamp with time zone,
    deleted_at timestamp with time zone,
    deletion_reason character varying(250),
    quote text,
    conversation_id bigint NOT NULL,
    deleted_by_id bigint,
    reply_to_id bigint,
    thread_id bigint,
    user_id bigint,
    tsv tsvector GENERATED ALWAYS AS (public.search_vector(content, file_names, html, (reply_to_id IS NOT NULL))) STORED
)
WITH (autovacuum_vacuum_insert_scale_factor='0.005', autovacuum_analyze_scale_factor='0.02');
ALTER TABLE public.messages ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.messages_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.pictures (
    user_id bigint NOT NULL,
    content bytea NOT NULL
);
CREATE TABLE public.pins (
    message_id bigint NOT NULL,
    reason character varying(250) DEFAULT ''::character varying NOT NULL,
    pinned_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    conversation_id bigint NOT NULL,
    pinned_by_id bigint
);
CREATE TABLE public.places (
    id smallint NOT NULL,
    name character varying(50) NOT NULL,
    sign_up character varying(10) NOT NULL,
    domains character varying(253)[] NOT NULL,
    second_factor character varying(10)[] NOT NULL,
    CONSTRAINT there_is_one_place CHECK ((id = 1))
);
CREATE TABLE public.recent_searches (
    id bigint NOT NULL,
    words character varying(1000) NOT NULL,
    searched_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.recent_searches ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.recent_searches_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.saved_messages (
    saved_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    done_at timestamp with time zone,
    message_id bigint NOT NULL,
    user_id bigint NOT NULL
);
CREATE TABLE public.search_words (
    word text NOT NULL
);
CREATE TABLE public.users (
    id bigint NOT NULL,
    last_login timestamp with time zone,
    username character varying(50) NOT NULL,
    password character varying(128) DEFAULT '!'::character varying NOT NULL,
    email character varying(255) NOT NULL,
    display_name character varying(80) DEFAULT ''::character varying NOT NULL,
    about character varying(100) DEFAULT ''::character varying NOT NULL,
    time_zone character varying(64) DEFAULT 'UTC'::character varying NOT NULL,
    theme character varying(10) DEFAULT ''::character varying NOT NULL,
    language character varying(10) DEFAULT ''::character varying NOT NULL,
    picture_digest character varying(16) DEFAULT ''::character varying NOT NULL,
    role character varying(10) DEFAULT 'member'::character varying NOT NULL,
    enter_sends boolean DEFAULT true NOT NULL,
    shortcuts boolean DEFAULT true NOT NULL,
    sounds boolean DEFAULT false NOT NULL,
    deleted_at timestamp with time zone,
    was_active boolean DEFAULT true NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    stamp integer DEFAULT 0 NOT NULL,
    origin character varying(100),
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.users ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT attachments_key_unique UNIQUE (key);
ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT attachments_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cache
    ADD CONSTRAINT cache_pkey PRIMARY KEY (cache_key);
ALTER TABLE ONLY public.conversation_members
    ADD CONSTRAINT conversation_members_pkey PRIMARY KEY (conversation_id, user_id);
ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_origin_unique UNIQUE (origin);
ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.former_members
    ADD CONSTRAINT former_members_pkey PRIMARY KEY (conversation_id, user_id);
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.limits
    ADD CONSTRAINT limits_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.mentions
    ADD CONSTRAINT mentions_pkey PRIMARY KEY (user_id, message_id);
ALTER TABLE ONLY public.message_earlier_texts
    ADD CONSTRAINT message_earlier_texts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.message_reactions
    ADD CONSTRAINT message_reactions_pkey PRIMARY KEY (message_id, emoji, user_id);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_client_key_unique UNIQUE (user_id, client_key);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT one_direct_conversation_per_set_of_people UNIQUE (direct_key);
ALTER TABLE ONLY public.pictures
    ADD CONSTRAINT pictures_pkey PRIMARY KEY (user_id);
ALTER TABLE ONLY public.pins
    ADD CONSTRAINT pins_pkey PRIMARY KEY (message_id);
ALTER TABLE ONLY public.places
    ADD CONSTRAINT places_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.recent_searches
    ADD CONSTRAINT recent_searches_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.recent_searches
    ADD CONSTRAINT recent_searches_unique UNIQUE (user_id, words);
ALTER TABLE ONLY public.saved_messages
    ADD CONSTRAINT saved_messages_pkey PRIMARY KEY (user_id, message_id);
ALTER TABLE ONLY public.search_words
    ADD CONSTRAINT search_words_pkey PRIMARY KEY (word);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_unique UNIQUE (email);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_origin_unique UNIQUE (origin);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_username_unique UNIQUE (username);
CREATE INDEX attachments_message_id_6c08f28b ON public.attachments USING btree (message_id);
CREATE INDEX cache_cache_key_37884a53_like ON public.cache USING btree (cache_key varchar_pattern_ops);
CREATE INDEX cache_expires_0ce3d5fd ON public.cache USING btree (expires);
CREATE INDEX former_members_ended_by_id_e021de59 ON public.former_members USING btree (ended_by_id);
CREATE INDEX former_members_user_id_8d6bcb2b ON public.former_members USING btree (user_id);
CREATE INDEX idx_conversation_members_user ON public.conversation_members USING btree (user_id);
CREATE INDEX idx_messages_conversation ON public.messages USING btree (conversation_id, created_at DESC);
CREATE INDEX limits_key_3b9e16c0_like ON public.limits USING btree (key varchar_pattern_ops);
CREATE INDEX mentions_message_id_4e233f41 ON public.mentions USING btree (message_id);
CREATE INDEX mentions_of_user ON public.mentions USING btree (user_id, mentioned_at DESC);
CREATE INDEX mentions_unseen ON public.mentions USING btree (conversation_id, user_id) WHERE (seen_at IS NULL);
CREATE INDEX message_earlier_texts_message_id_47c8055b ON public.message_earlier_texts USING btree (message_id);
CREATE INDEX message_reactions_user_id_58a64546 ON public.message_reactions USING btree (user_id);
CREATE INDEX messages_conv_created_id ON public.messages USING btree (conversation_id, created_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE INDEX messages_conv_revision ON public.messages USING btree (conversation_id, revision);
CREATE INDEX messages_created_user ON public.messages USING btree (created_at, user_id);
CREATE INDEX messages_deleted ON public.messages USING btree (deleted_at) WHERE (deleted_at IS NOT NULL);
CREATE INDEX messages_deleted_by ON public.messages USING btree (deleted_by_id) WHERE (deleted_by_id IS NOT NULL);
CREATE INDEX messages_reply_to ON public.messages USING btree (reply_to_id) WHERE (reply_to_id IS NOT NULL);
CREATE INDEX messages_thread ON public.messages USING btree (thread_id, created_at) WHERE (thread_id IS NOT NULL);
CREATE INDEX messages_tsv ON public.messages USING gin (tsv);
CREATE INDEX messages_user_created ON public.messages USING btree (user_id, created_at DESC);
CREATE INDEX pins_of_conversation ON public.pins USING btree (conversation_id, pinned_at DESC);
CREATE INDEX pins_pinned_by_id_706d5a45 ON public.pins USING btree (pinned_by_id);
CREATE INDEX saved_messages_message_id_2924f471 ON public.saved_messages USING btree (message_id);
CREATE INDEX search_words_parts ON public.search_words USING gin (word public.gin_trgm_ops);
CREATE INDEX search_words_word_f7898f73_like ON public.search_words USING btree (word text_pattern_ops);
CREATE TRIGGER audit_is_a_chain BEFORE INSERT ON public.audit FOR EACH ROW EXECUTE FUNCTION public.chain_audit();
CREATE TRIGGER audit_is_not_changed BEFORE DELETE OR UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION public.refuse_to_change_audit();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_to_change_audit();
CREATE TRIGGER search_remember AFTER INSERT OR UPDATE OF content, file_names ON public.messages FOR EACH ROW EXECUTE FUNCTION public.search_remember();
CREATE TRIGGER the_last_owner_stays BEFORE DELETE OR UPDATE OF role, is_active ON public.users FOR EACH ROW EXECUTE FUNCTION public.keep_an_owner();
ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT attachments_message_id_6c08f28b_fk_messages_id FOREIGN KEY (message_id) REFERENCES public.messages(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversation_members
    ADD CONSTRAINT conversation_members_conversation_id_570068ad_fk_conversat FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversation_members
    ADD CONSTRAINT conversation_members_user_id_3bfe90c8_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_created_by_id_67a75e1e_fk_users_id FOREIGN KEY (created_by_id) REFERENCES public.users(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_deleted_by_id_3e455177_fk_users_id FOREIGN KEY (deleted_by_id) REFERENCES public.users(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.former_members
    ADD CONSTRAINT former_members_conversation_id_99c3d292_fk_conversations_id FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.former_members
    ADD CONSTRAINT former_members_ended_by_id_e021de59_fk_users_id FOREIGN KEY (ended_by_id) REFERENCES public.users(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.former_members
    ADD CONSTRAINT former_members_user_id_8d6bcb2b_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_created_by_id_82b16d5e_fk_users_id FOREIGN KEY (created_by_id) REFERENCES public.users(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mentions
    ADD CONSTRAINT mentions_conversation_id_da227781_fk_conversations_id FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mentions
    ADD CONSTRAINT mentions_message_id_4e233f41_fk_messages_id FOREIGN KEY (message_id) REFERENCES public.messages(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mentions
    ADD CONSTRAINT mentions_user_id_5d5489a3_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.message_earlier_texts
    ADD CONSTRAINT message_earlier_texts_message_id_47c8055b_fk_messages_id FOREIGN KEY (message_id) REFERENCES public.messages(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.message_reactions
    ADD CONSTRAINT message_reactions_message_id_7f9c0331_fk_messages_id FOREIGN KEY (message_id) REFERENCES public.messages(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.message_reactions
    ADD CONSTRAINT message_reactions_user_id_58a64546_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_conversation_id_5ef638db_fk_conversations_id FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_deleted_by_id_d12fc4e2_fk_users_id FOREIGN KEY (deleted_by_id) REFERENCES public.users(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_reply_to_id_59eac9e3_fk_messages_id FOREIGN KEY (reply_to_id) REFERENCES public.messages(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_thread_id_637cedbf_fk_messages_id FOREIGN KEY (thread_id) REFERENCES public.messages(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_user_id_70242949_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.pictures
    ADD CONSTRAINT pictures_user_id_d51b136c_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.pins
    ADD CONSTRAINT pins_conversation_id_abf025dc_fk_conversations_id FOREIGN KEY (conversation_id) REFERENCES public.conversations(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.pins
    ADD CONSTRAINT pins_message_id_990083d4_fk_messages_id FOREIGN KEY (message_id) REFERENCES public.messages(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.pins
    ADD CONSTRAINT pins_pinned_by_id_706d5a45_fk_users_id FOREIGN KEY (pinned_by_id) REFERENCES public.users(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.recent_searches
    ADD CONSTRAINT recent_searches_user_id_c01bf002_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.saved_messages
    ADD CONSTRAINT saved_messages_message_id_2924f471_fk_messages_id FOREIGN KEY (message_id) REFERENCES public.messages(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.saved_messages
    ADD CONSTRAINT saved_messages_user_id_cde4ea4f_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
