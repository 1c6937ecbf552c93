-- name: write_down!
INSERT INTO audit (at, admin_id, action, subject, detail, reason)
VALUES (:at, :admin_id, :action, :subject, :detail, :reason);

-- name: decisions
SELECT audit_id, at, admin_id, action, subject, detail, reason FROM audit
WHERE audit_id < COALESCE(:before, 9223372036854775807)
ORDER BY audit_id DESC LIMIT :limit;

-- name: last_about^
SELECT at, admin_id, action, subject, detail, reason FROM audit
WHERE action = :action AND subject = :subject
ORDER BY audit_id DESC LIMIT 1;

-- name: put_ask!
INSERT INTO asks (ask_id, admin_id, action, subject, detail, reason, asked_at)
VALUES (:ask_id, :admin_id, :action, :subject, :detail, :reason, :asked_at);

-- name: forget_asks!
DELETE FROM asks WHERE asked_at < :before;

-- name: take_ask^
DELETE FROM asks WHERE ask_id = :ask_id AND admin_id = :admin_id AND asked_at >= :since
RETURNING action, subject, detail, reason;

-- name: take_awaited!
DELETE FROM asks WHERE admin_id = :admin_id AND action = :action AND asked_at >= :since;

-- name: is_on$
SELECT COUNT(*) FROM modes WHERE name = :name;

-- name: turn_on!
INSERT INTO modes (name, since) VALUES (:name, :since) ON CONFLICT (name) DO NOTHING;

-- name: turn_off!
DELETE FROM modes WHERE name = :name;

-- name: members
SELECT user_id AS id FROM users
WHERE (member = 1 OR banned = 1 OR moderator = 1) AND member = 1 AND user_id > :after ORDER BY user_id LIMIT :limit;

-- name: moderators
SELECT user_id AS id FROM users
WHERE (member = 1 OR banned = 1 OR moderator = 1) AND moderator = 1 AND user_id > :after ORDER BY user_id LIMIT :limit;

-- name: banned
SELECT user_id AS id FROM users
WHERE (member = 1 OR banned = 1 OR moderator = 1) AND banned = 1 AND user_id > :after ORDER BY user_id LIMIT :limit;

-- name: groups
-- Their numbers are negative: the first page begins below them all.
SELECT chat_id AS id FROM chats WHERE allowed = 1 AND chat_id > :after ORDER BY chat_id LIMIT :limit;
