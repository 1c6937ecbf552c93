-- name: ended^
-- From an index alone.
SELECT COALESCE(SUM(CASE WHEN status = 'delivered' THEN 1 ELSE 0 END), 0) AS pictures,
  COALESCE(SUM(CASE WHEN status = 'failed' THEN 1 ELSE 0 END), 0) AS failures,
  COUNT(DISTINCT user_id) AS people,
  COALESCE(SUM(CASE WHEN status = 'delivered' THEN price ELSE 0 END), 0) AS credits
FROM generations WHERE ended_at IS NOT NULL AND ended_at >= :since;

-- name: under_way^
SELECT COALESCE(SUM(CASE WHEN status = 'queued' THEN 1 ELSE 0 END), 0) AS queued,
  COALESCE(SUM(CASE WHEN status <> 'queued' THEN 1 ELSE 0 END), 0) AS drawing
FROM generations WHERE status IN ('queued', 'drawing', 'ready');

-- name: unseen$
-- From the few reports to their pictures: the other way round all pictures would be looked at.
SELECT COUNT(*) FROM reviews WHERE verdict IS NULL AND EXISTS (
  SELECT 1 FROM generations WHERE generations.generation_id = reviews.generation_id AND deleted_at IS NULL
    AND (status = 'delivered' OR (status = 'ready' AND cause = 'held'))
);

-- name: open_of
SELECT generation_id FROM generations
WHERE (status IN ('queued', 'drawing') OR (status = 'ready' AND cause = 'held')) AND user_id = :user_id
ORDER BY created_at, generation_id;

-- name: work_of^
SELECT COUNT(*) AS pictures, COALESCE(SUM(price), 0) AS credits FROM generations
WHERE (status IN ('queued', 'drawing') OR (status = 'ready' AND cause = 'held')) AND user_id = :user_id;

-- name: drawn_for$
SELECT COUNT(*) FROM generations
WHERE user_id = :user_id AND status = 'delivered' AND deleted_at IS NULL AND created_at >= :since;

-- name: groups_of
SELECT chat_id FROM generations
WHERE user_id = :user_id AND status = 'delivered' AND deleted_at IS NULL AND created_at >= :since AND chat_id < 0
GROUP BY chat_id ORDER BY MAX(created_at) DESC LIMIT :limit;

-- name: drawn_in$
SELECT COUNT(*) FROM generations
WHERE chat_id = :chat_id AND chat_id < 0 AND created_at >= :since AND status = 'delivered';

-- name: lately
-- The plus keeps the index of people out of it: in its order all that they ever got would be looked at.
SELECT +user_id AS user_id FROM generations WHERE ended_at IS NOT NULL AND ended_at >= :since AND +user_id > 0
GROUP BY +user_id ORDER BY MAX(ended_at) DESC, 1 LIMIT :limit;

-- name: lately_in
-- From an index alone.
SELECT chat_id FROM generations WHERE created_at >= :since AND chat_id < 0
GROUP BY chat_id ORDER BY MAX(created_at) DESC, chat_id LIMIT :limit;

-- name: life^
SELECT generation_id, user_id, payer_id, chat_id, inline_id, parent_id, action, model, ratio, price, status,
  cause, error_id, fenced, interrupted, tries, created_at, started_at, ended_at, draw_ms, shown_as, width, height,
  deleted_at
FROM generations WHERE generation_id = :words OR error_id = :words
ORDER BY created_at DESC LIMIT 1;

-- name: work_left
SELECT kind, attempts, due_at, leased_until, CASE WHEN remote_id IS NULL THEN 0 ELSE 1 END AS ordered
FROM jobs WHERE subject = :generation_id ORDER BY job_id;

-- name: entries
SELECT source, kind, user_id, daily, kept, at FROM entries
WHERE source IN (:generation_id, :rest) ORDER BY at, CASE kind WHEN 'hold' THEN 0 ELSE 1 END, source, kind;

-- name: prompt^
SELECT user_id, prompt FROM generations WHERE generation_id = :generation_id AND deleted_at IS NULL;
