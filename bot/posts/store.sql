-- name: insert!
INSERT INTO posts (
  post_id, user_id, chat_id, title, caption, entities, signature, state, asked, due_at, message_id, link,
  created_at, changed_at
) VALUES (
  :post_id, :user_id, :chat_id, :title, :caption, :entities, :signature, :state, :asked, :due_at, :message_id, :link,
  :created_at, :changed_at
) ON CONFLICT (post_id) DO NOTHING;

-- name: get^
SELECT * FROM posts WHERE post_id = :post_id;

-- name: get_owned^
SELECT * FROM posts WHERE post_id = :post_id AND user_id = :user_id;

-- name: change!
UPDATE posts SET
  caption = :caption, entities = :entities, signature = :signature, state = :state, asked = :asked, due_at = :due_at,
  message_id = :message_id, link = :link, changed_at = :changed_at
WHERE post_id = :post_id AND state = :before;

-- name: set_question!
UPDATE posts SET asked = :asked WHERE post_id = :post_id AND asked = :before;

-- name: last_draft$
SELECT MAX(created_at) FROM posts WHERE chat_id = :chat_id AND user_id = :user_id AND created_at <= :now;

-- name: prune!
-- What is planned, or being published, is kept however old it is.
DELETE FROM posts WHERE changed_at < :before AND state NOT IN ('planned', 'sending', 'begun');

-- name: note_channel!
INSERT INTO channels (chat_id, added_by, noted_at) VALUES (:chat_id, :added_by, :noted_at)
ON CONFLICT (chat_id) DO UPDATE SET added_by = excluded.added_by, noted_at = excluded.noted_at;

-- name: added_by$
SELECT added_by FROM channels WHERE chat_id = :chat_id;

-- name: drop_channel!
DELETE FROM channels WHERE chat_id = :chat_id;

-- name: candidates
-- Those that this person brought the bot into come first. Groups have numbers like channels: Telegram tells them apart.
SELECT known.chat_id FROM (
  SELECT chat_id, CASE WHEN added_by = :user_id THEN 1 ELSE 0 END AS own, noted_at FROM channels
  UNION ALL
  SELECT chat_id, 0 AS own, 0 AS noted_at FROM chats
  WHERE chat_id < :below AND allowed = 1 AND chat_id NOT IN (SELECT chat_id FROM channels)
) known
ORDER BY known.own DESC, known.noted_at DESC, known.chat_id DESC LIMIT :most;
