-- Words as they are compared: in lower case, without accents and without the points of Hebrew and Arabic, which are
-- characters of their own in NFKD; and letters that Unicode does not decompose, though readers take them for others
-- with a mark. ASCII, which is most text, has none of these. conversations/text/folding.py does the same.
CREATE FUNCTION public.fold(said text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
DECLARE
    folded text;
BEGIN
    IF octet_length(said) = length(said) THEN
        RETURN lower(said);
    END IF;
    folded := regexp_replace(
        lower(normalize(said, NFKD)),
        '[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670'
        '\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+',
        '', 'g'
    );
    IF folded ~ '[ßæðøþđħıłŋœŧƀ-ʯς]' THEN
        folded := translate(
            replace(replace(replace(replace(folded, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
            'øđħłŧƀƃƈƌƒƙƚƞƥƫƭƴƶǥȡȥȴȵȶȼȿɀɇɉɋɍɏɓɕɖɗɠɦɨɫɬɭɱɲɳɼɽɾʂʈʋʐʑʝʠðıŋς',
            'odhltbbcdfklnpttyzgdzlntcszejqrybcddghilllmnnrrrstvzzjqdinσ'
        );
    END IF;
    RETURN normalize(folded, NFC);
END $$;
