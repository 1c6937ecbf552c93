-- name: get_from
-- From a place in the order on, that place included, newest first.
SELECT generation_id, chat_id, note_id, model, prompt, ratio, seed, created_at,
       COALESCE(ended_at, created_at) AS ended_at, COALESCE(shown_as, 'photo') AS shown_as, file_id, favorite_at
FROM generations
WHERE user_id = :user_id AND status = 'delivered' AND deleted_at IS NULL AND file_id IS NOT NULL
  AND (created_at, generation_id) <= (:created_at, :generation_id)
  AND (:favorites = 0 OR favorite_at IS NOT NULL)
ORDER BY created_at DESC, generation_id DESC
LIMIT :limit;

-- name: get_newer
-- Newer than a place in the order, the nearest first.
SELECT generation_id, chat_id, note_id, model, prompt, ratio, seed, created_at,
       COALESCE(ended_at, created_at) AS ended_at, COALESCE(shown_as, 'photo') AS shown_as, file_id, favorite_at
FROM generations
WHERE user_id = :user_id AND status = 'delivered' AND deleted_at IS NULL AND file_id IS NOT NULL
  AND (created_at, generation_id) > (:created_at, :generation_id)
  AND (:favorites = 0 OR favorite_at IS NOT NULL)
ORDER BY created_at, generation_id
LIMIT :limit;

-- name: get_place^
-- Where a picture stands in the order, also after it was deleted.
SELECT created_at, generation_id FROM generations
WHERE generation_id = :generation_id AND user_id = :user_id;
