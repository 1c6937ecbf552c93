-- name: newest
-- Those of one person that Telegram has, the newest first.
SELECT generation_id, prompt, file_id, COALESCE(shown_as, 'photo') AS shown_as FROM generations
WHERE user_id = :user_id AND status = 'delivered' AND deleted_at IS NULL AND file_id IS NOT NULL
ORDER BY created_at DESC, generation_id DESC
LIMIT :limit;
