-- name: newest_words$
SELECT prompt FROM generations WHERE ended_at IS NOT NULL AND prompt <> '' ORDER BY ended_at DESC LIMIT 1;
