-- name: block!
-- A rule has one row: to change where it counts it is written anew, with a number of its own.
INSERT INTO blocked (rule, places, admin_id, at) VALUES (:rule, :places, :admin_id, :now);

-- name: unblock!
DELETE FROM blocked WHERE rule = :rule;

-- name: version^
-- Numbers only grow, so no two lists of different times have both of these in common.
SELECT COALESCE(MAX(block_id), 0) AS newest, COUNT(*) AS rules FROM blocked;

-- name: blocked
SELECT block_id, rule, places FROM blocked WHERE block_id > :after ORDER BY block_id LIMIT :limit;

-- name: strike!
INSERT INTO strikes (strike_key, user_id, at) VALUES (:strike_key, :user_id, :now)
ON CONFLICT (strike_key) DO NOTHING;

-- name: forget!
DELETE FROM strikes WHERE at < :before;

-- name: forgive!
DELETE FROM strikes WHERE user_id = :user_id;

-- name: is_struck$
SELECT COUNT(*) FROM strikes WHERE strike_key = :strike_key;

-- name: strikes^
SELECT COUNT(*) AS strikes, COALESCE(MAX(at), 0) AS latest FROM strikes
WHERE user_id = :user_id AND at > :since AND at <= :now;

-- name: hold!
INSERT INTO reviews (generation_id, reporter_id, reported_at) VALUES (:generation_id, :judge, :now)
ON CONFLICT (generation_id) DO NOTHING;
