-- name: get^
SELECT user_id, language, client_language, model, ratio, as_file, plain_text, member, banned, gone,
  moderator, banned_until, daily, preset
FROM users
WHERE user_id = :user_id;

-- name: meet^
-- A person whom an admin named before they wrote has no time of arrival yet.
INSERT INTO users (user_id, client_language, created_at)
VALUES (:user_id, :client_language, :now)
ON CONFLICT (user_id) DO UPDATE SET
  client_language = COALESCE(excluded.client_language, users.client_language),
  gone = 0,
  created_at = CASE WHEN users.created_at = 0 THEN excluded.created_at ELSE users.created_at END
RETURNING user_id, language, client_language, model, ratio, as_file, plain_text, member, banned, gone,
  moderator, banned_until, daily, preset;

-- name: choose_language!
UPDATE users SET language = :value WHERE user_id = :user_id;

-- name: choose_model!
UPDATE users SET model = :value WHERE user_id = :user_id;

-- name: choose_ratio!
UPDATE users SET ratio = :value WHERE user_id = :user_id;

-- name: choose_as_file!
UPDATE users SET as_file = :value WHERE user_id = :user_id;

-- name: choose_plain_text!
UPDATE users SET plain_text = :value WHERE user_id = :user_id;

-- name: choose_preset!
UPDATE users SET preset = :value WHERE user_id = :user_id;

-- name: set_member!
INSERT INTO users (user_id, member, created_at) VALUES (:user_id, :value, 0)
ON CONFLICT (user_id) DO UPDATE SET member = excluded.member;

-- name: set_banned!
INSERT INTO users (user_id, banned, banned_until, created_at) VALUES (:user_id, :value, :until, 0)
ON CONFLICT (user_id) DO UPDATE SET banned = excluded.banned, banned_until = excluded.banned_until;

-- name: set_moderator!
UPDATE users SET moderator = :value WHERE user_id = :user_id;

-- name: set_daily!
UPDATE users SET daily = :value WHERE user_id = :user_id;

-- name: set_gone!
UPDATE users SET gone = :value WHERE user_id = :user_id;

-- name: count_forgotten$
SELECT COUNT(*) FROM forgotten WHERE banned = 1 OR own IS NOT NULL;

-- name: forgotten^
SELECT banned, banned_until, own FROM forgotten WHERE mark = :mark;

-- name: give_own_back!
UPDATE forgotten SET own = NULL WHERE mark = :mark;
