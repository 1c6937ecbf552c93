-- name: empty_words!
-- Favorites keep theirs. What the picture was drawn with, and its file at Telegram, stay.
UPDATE generations SET prompt = '', negative = NULL, style = NULL, sources = NULL WHERE generation_id IN (
  SELECT generation_id FROM generations
  WHERE prompt <> '' AND favorite_at IS NULL AND ended_at IS NOT NULL AND ended_at < :before LIMIT :most
);

-- name: empty_letters!
UPDATE broadcasts SET letter = '' WHERE letter <> '' AND ended_at IS NOT NULL AND ended_at < :before;

-- name: empty_reasons!
UPDATE audit SET reason = '' WHERE reason <> '' AND at < :before;

-- name: drop_asks!
DELETE FROM asks WHERE asked_at < :before;
