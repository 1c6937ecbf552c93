-- name: get^
SELECT * FROM chats WHERE chat_id = :chat_id;

-- name: add!
INSERT INTO chats (chat_id) VALUES (:chat_id) ON CONFLICT (chat_id) DO NOTHING;

-- name: put!
UPDATE chats SET
  allowed = :allowed, admins_only = :admins_only, models = :models, ceiling = :ceiling, spoiler = :spoiler,
  thread_id = :thread_id, tidy = :tidy, gap = :gap, quiet_from = :quiet_from, quiet_to = :quiet_to, zone = :zone,
  language = :language, pot_id = :pot_id, share = :share, signature = :signature, daily = :daily
WHERE chat_id = :chat_id;

-- name: drop!
DELETE FROM chats WHERE chat_id = :chat_id;

-- name: lock^
-- Nobody else changes it until this transaction ends.
UPDATE chats SET chat_id = chat_id WHERE chat_id = :chat_id RETURNING *;

-- name: last_wish$
SELECT MAX(created_at) FROM generations
WHERE chat_id = :chat_id AND chat_id < 0 AND user_id = :user_id AND created_at <= :now;

-- name: taken$
-- What a member has had of a pot on a day of its account: held or spent, and not given back.
SELECT COALESCE(SUM((entries.daily + entries.kept) * CASE WHEN entries.kind = 'hold' THEN 1 ELSE -1 END), 0)
FROM entries JOIN generations ON generations.generation_id = REPLACE(entries.source, ':rest', '')
WHERE entries.user_id = :pot_id AND entries.day = :day AND entries.kind IN ('hold', 'release')
  AND generations.user_id = :user_id;

-- name: spent_since$
SELECT COALESCE(SUM(spent.price), 0) FROM (
  SELECT price FROM generations
  WHERE chat_id = :chat_id AND chat_id < 0 AND created_at >= :since
    AND status NOT IN ('failed', 'cancelled', 'expired')
  UNION ALL
  SELECT generations.price FROM posts JOIN generations ON generations.generation_id = posts.post_id
  WHERE posts.chat_id = :chat_id AND posts.created_at >= :since
    AND generations.status NOT IN ('failed', 'cancelled', 'expired')
) spent;

-- name: count_forgotten$
SELECT COUNT(*) FROM forgotten WHERE day >= :day;

-- name: was_forgotten$
SELECT COUNT(*) FROM forgotten WHERE mark = :mark AND day >= :day;
