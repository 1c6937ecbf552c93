-- name: newest
-- Those of one person that Telegram has, the newest first.
SELECT generation_id, prompt, file_id, COALESCE(shown_as, 'photo') AS shown_as FROM generations
WHERE user_id = :user_id AND status = 'delivered' AND deleted_at IS NULL AND file_id IS NOT NULL
ORDER BY created_at DESC, generation_id DESC
LIMIT :limit;

-- name: make_room!
-- Typed words are the wishes that stand in no message.
DELETE FROM wishes WHERE user_id = :user_id AND chat_id = :user_id AND message_id IS NULL AND (
  created_at < :before OR wish_id = :wish_id OR wish_id NOT IN (
    SELECT wish_id FROM wishes
    WHERE user_id = :user_id AND chat_id = :user_id AND message_id IS NULL AND wish_id <> :wish_id
    ORDER BY created_at DESC, wish_id LIMIT :others
  )
);

-- name: prune!
DELETE FROM wishes WHERE chat_id = user_id AND message_id IS NULL AND created_at < :before;
