-- Never change this file: databases in use were made by it. Later changes are migrations of their own.
--
-- What PostgreSQL holds for search, as of release 0.1: the words of each message, in an index, and the vocabulary of
-- all of them.
--
-- The words of a message are a generated column, so they are right whoever wrote the row: an edited message is found at
-- once, a purged one leaves the index with its row. No model names the column, so no other query ever reads it.
--
-- Each word is in it twice: as written (without accents, in lower case) with its positions, for phrases and parts of
-- words, and as its stem, for its other forms. Signs divide words; scripts without spaces are divided into their
-- characters. Beside the words stand marks, which no word can be: `:link`, `:code`, `:file` and `:reply`.
--
-- The index does not contain the conversation: PostgreSQL would start over for each conversation the reader sees, and
-- collect everything that begins with "ve" 2,500 times (23 s, measured at ten million messages).
--
-- Everything names the schema `public`: a dump is restored with no schema assumed.

-- Without stop words: whoever searches for "to be or not to be" has a reason.
CREATE TEXT SEARCH DICTIONARY public.chatsite_stem (TEMPLATE = pg_catalog.snowball, Language = english);
CREATE TEXT SEARCH CONFIGURATION public.chatsite (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION public.chatsite
    ALTER MAPPING FOR asciiword, word, numword WITH public.chatsite_stem;

-- Lower case without accents: accents are characters of their own in NFKD. ASCII, which is most, has none.
CREATE FUNCTION public.search_fold(said text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
BEGIN
    IF octet_length(said) = length(said) THEN
        RETURN lower(said);
    END IF;
    RETURN normalize(lower(regexp_replace(normalize(said, NFKD), '[\u0300-\u036f]+', '', 'g')), NFC);
END $$;

-- Which characters are letters depends on the locale of a database, and in the locale C PostgreSQL takes everything
-- outside ASCII for letters: so signs are named here. Emoji and other pictures become words. Thai, Lao, Myanmar, Khmer,
-- and the scripts of China and Japan write no spaces.
CREATE FUNCTION public.search_split(said text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
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
END $$;

-- The first 50,000 characters: a message written by another program may be longer than PostgreSQL indexes.
CREATE FUNCTION public.search_vector(content text, file_names text, html text, is_reply boolean)
RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 200 AS $$
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

-- What a word or phrase matches: exactly it, or also its other forms and whatever begins with it. Nothing, where it has
-- no letters or digits.
CREATE FUNCTION public.search_looks_for(said text, exactly boolean) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
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

ALTER TABLE messages ADD COLUMN tsv tsvector
    GENERATED ALWAYS AS (public.search_vector(content, file_names, html, reply_to_id IS NOT NULL)) STORED;

CREATE INDEX messages_tsv ON messages USING gin (tsv);

-- Words worth guessing: neither numbers nor words too short to be part of another or mistyped.
CREATE FUNCTION public.search_vocabulary_of(said text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT word
    FROM unnest(tsvector_to_array(to_tsvector('pg_catalog.simple', public.search_split(left(said, 50000))))) AS word
    WHERE length(word) BETWEEN 3 AND 40 AND word !~ '^([0-9]+|emoji[0-9a-f]+)$'
$$;
CREATE FUNCTION public.search_remember() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- In order, so that two who write the same new words never wait for each other.
    INSERT INTO public.search_words (word)
    SELECT word FROM public.search_vocabulary_of(NEW.content || ' ' || NEW.file_names) AS word
    WHERE NOT EXISTS (SELECT FROM public.search_words AS known WHERE known.word = word.word)
    ORDER BY word ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER search_remember AFTER INSERT OR UPDATE OF content, file_names ON messages
FOR EACH ROW EXECUTE FUNCTION public.search_remember();
