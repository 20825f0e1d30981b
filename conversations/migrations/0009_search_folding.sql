-- Never change this file: databases in use were made by it.
--
-- Search folds ß, ø and vowel points as well, and a message is also found by the emoji that it shows and by the number
-- of a version without its letters. Functions are replaced at once; rows that were stored before keep their words in
-- `tsv` as they were folded then, until the job of conversations/models/search/index.py reaches them. So queries
-- look for both: search_looks_for adds the earlier form of its words where that differs.

-- As search_fold of release 0.1.
CREATE FUNCTION public.search_fold_0_1(said text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
BEGIN
    IF octet_length(said) = length(said) THEN
        RETURN lower(said);
    END IF;
    RETURN normalize(lower(regexp_replace(normalize(said, NFKD), '[\u0300-\u036f]+', '', 'g')), NFC);
END $$;

CREATE OR REPLACE FUNCTION public.search_fold(said text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT public.fold(said) $$;

-- As search_split of release 0.1, but of words that are folded already.
CREATE FUNCTION public.search_split_folded(folded text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
DECLARE
    words text := translate(folded, $c$!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~$c$, repeat(' ', 32));
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

CREATE OR REPLACE FUNCTION public.search_split(said text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT public.search_split_folded(public.fold(said)) $$;

-- By what else a message is found: 2.5.1 for v2.5.1, and the emoji that it shows where their names were typed.
CREATE FUNCTION public.search_also(said text, html text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
DECLARE
    also text;
BEGIN
    also := concat_ws(
        ' ',
        (SELECT string_agg(match[1], ' ') FROM regexp_matches(said, '[A-Za-z]([0-9]+(?:\.[0-9]+)+)', 'g') AS match),
        (
            SELECT string_agg(match[1], ' ')
            FROM regexp_matches(
                left(html, 100000),
                '([\u2190-\u2bff\U0001f000-\U0001faff][\u200d\ufe0f\u2190-\u2bff\U0001f000-\U0001faff]*)', 'g'
            ) AS match
            WHERE strpos(said, match[1]) = 0
        )
    );
    RETURN public.search_split(also);
END $$;

CREATE OR REPLACE FUNCTION public.search_vector(content text, file_names text, html text, is_reply boolean)
RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 200 AS $$
DECLARE
    said text := left(content || ' ' || file_names, 50000);
    words text := public.search_split_folded(public.fold(said));
    also text := '';
BEGIN
    IF octet_length(html) > length(html) OR said ~ '[A-Za-z][0-9]+\.[0-9]' THEN
        also := ' ' || public.search_also(said, html);
    END IF;
    RETURN to_tsvector('pg_catalog.simple', words || also)
        || strip(to_tsvector('public.chatsite', words))
        || array_to_tsvector(array_remove(ARRAY[
            CASE WHEN html LIKE '%<a href="http%' THEN ':link' END,
            CASE WHEN html LIKE '%<code>%' THEN ':code' END,
            CASE WHEN file_names <> '' THEN ':file' END,
            CASE WHEN is_reply THEN ':reply' END
        ], NULL));
END $$;

-- A word as it is in the index, as a query that matches it and nothing else.
CREATE FUNCTION public.search_lexeme(word text) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ('''' || replace(replace(word, '\', '\\'), '''', '''''') || '''')::tsquery
$$;

-- As search_looks_for of release 0.1, but of words that are split already.
CREATE FUNCTION public.search_looks_for_words(words text, exactly boolean) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
DECLARE
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

-- What a word or phrase matches: exactly it, or also its other forms and whatever begins with it. Nothing, where it has
-- no letters or digits.
CREATE OR REPLACE FUNCTION public.search_looks_for(said text, exactly boolean) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
DECLARE
    words text := public.search_split(said);
    earlier text;
BEGIN
    IF octet_length(said) > length(said) THEN
        earlier := public.search_split_folded(public.search_fold_0_1(said));
        IF earlier <> words THEN
            RETURN public.search_looks_for_words(words, exactly) || public.search_looks_for_words(earlier, exactly);
        END IF;
    END IF;
    RETURN public.search_looks_for_words(words, exactly);
END $$;
