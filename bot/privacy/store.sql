-- name: holdings^
SELECT
  (SELECT COUNT(*) FROM generations
    WHERE user_id = :user_id AND status = 'delivered' AND deleted_at IS NULL) AS pictures,
  (SELECT COUNT(*) FROM generations
    WHERE user_id = :user_id AND status = 'delivered' AND deleted_at IS NULL AND favorite_at IS NOT NULL) AS favorites,
  (SELECT COUNT(*) FROM generations
    WHERE user_id = :user_id AND status IN ('queued', 'drawing', 'ready')) AS unfinished,
  (SELECT COUNT(*) FROM posts WHERE user_id = :user_id AND state IN ('draft', 'planned', 'unsure')) AS drafts,
  (SELECT COUNT(*) FROM users WHERE user_id = :user_id)
    + (SELECT COUNT(*) FROM balances WHERE user_id = :user_id)
    + (SELECT COUNT(*) FROM wishes WHERE user_id = :user_id)
    + (SELECT COUNT(*) FROM strikes WHERE user_id = :user_id)
    + (SELECT COUNT(*) FROM reviews WHERE reporter_id = :user_id) AS traces;

-- name: person^
SELECT * FROM users WHERE user_id = :user_id;

-- name: balance^
SELECT day, daily, kept, held FROM balances WHERE user_id = :user_id;

-- name: pictures
SELECT generation_id FROM generations WHERE user_id = :user_id ORDER BY created_at DESC, generation_id DESC;

-- name: picture^
SELECT * FROM generations WHERE generation_id = :generation_id AND user_id = :user_id;

-- name: days
SELECT DISTINCT day FROM entries WHERE user_id = :user_id ORDER BY day DESC;

-- name: entries
-- A gift is named after the admin who gave it, which is nobody's business but theirs.
SELECT CASE WHEN substr(source, 1, 6) = 'grant:' THEN 'gift' ELSE source END AS source, kind, day, daily, kept, at
FROM entries WHERE user_id = :user_id AND day = :day ORDER BY at, source, kind;

-- name: wishes
SELECT wish, chat_id, created_at FROM wishes WHERE user_id = :user_id ORDER BY created_at;

-- name: posts
SELECT post_id, chat_id, title, caption, entities, signature, state, due_at, link, created_at, changed_at FROM posts
WHERE user_id = :user_id ORDER BY created_at;

-- name: channels
SELECT chat_id, noted_at FROM channels WHERE added_by = :user_id ORDER BY chat_id;

-- name: strikes
SELECT at FROM strikes WHERE user_id = :user_id ORDER BY at;

-- name: reports
SELECT generation_id, reported_at, verdict, decided_at FROM reviews WHERE reporter_id = :user_id ORDER BY reported_at;

-- name: decisions
SELECT at, action, detail, reason FROM audit WHERE subject = :subject ORDER BY at, audit_id;

-- name: messages
SELECT received_at, state, raw FROM inbox WHERE owner_id = :user_id AND raw <> '' ORDER BY received_at, update_id;
