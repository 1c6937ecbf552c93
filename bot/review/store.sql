-- name: report!
INSERT INTO reviews (generation_id, reporter_id, reported_at) VALUES (:generation_id, :reporter_id, :now)
ON CONFLICT (generation_id) DO NOTHING;

-- name: reported_by$
SELECT COUNT(*) FROM reviews WHERE reporter_id = :reporter_id AND reported_at > :since;

-- name: get^
SELECT generation_id, reporter_id, verdict, moderator_id FROM reviews WHERE generation_id = :generation_id;

-- name: decide!
-- The first one counts.
UPDATE reviews SET verdict = :verdict, moderator_id = :moderator_id, decided_at = :now
WHERE generation_id = :generation_id AND verdict IS NULL;

-- name: veil!
UPDATE generations SET spoiler = 1 WHERE generation_id = :generation_id;

-- name: forget!
DELETE FROM reviews WHERE reported_at < :before;

-- name: moderators
SELECT user_id FROM users
WHERE moderator = 1 AND talked_at > 0 AND gone = 0 AND (banned = 0 OR banned_until <= :now)
ORDER BY user_id LIMIT :most;

-- name: hears$
SELECT COUNT(*) FROM users WHERE user_id = :user_id AND talked_at > 0 AND gone = 0;
