-- name: talked!
-- To within a day: what is asked of it is asked in days.
UPDATE users SET talked_at = :now WHERE user_id = :user_id AND talked_at < :now - 86400;

-- name: unmeet!
UPDATE users SET talked_at = 0 WHERE user_id = :user_id;

-- name: unmet$
-- Known from groups only, or named by an admin before they wrote.
SELECT COUNT(*) FROM users WHERE talked_at = 0 AND gone = 0 AND (banned = 0 OR banned_until <= :now) AND (member = 1 OR :everybody = 1);

-- name: set_news!
UPDATE users SET news = :value WHERE user_id = :user_id;

-- name: drop_drafts!
DELETE FROM broadcasts WHERE admin_id = :admin_id AND state = 'draft';

-- name: add!
INSERT INTO broadcasts (broadcast_id, admin_id, letter, days, language, state, created_at)
VALUES (:broadcast_id, :admin_id, :letter, 0, '', 'draft', :now);

-- name: get^
SELECT broadcast_id, admin_id, panel_id, letter, days, language, state, started_at, told_at, total, passed_id,
  troubles, delivered, blocked, failed, unknown
FROM broadcasts WHERE broadcast_id = :broadcast_id;

-- name: running$
SELECT broadcast_id FROM broadcasts WHERE state = 'running';

-- name: aim!
UPDATE broadcasts SET days = :days, language = :language, total = 0, told_at = 0
WHERE broadcast_id = :broadcast_id AND state = 'draft';

-- name: count!
-- Unless it is for somebody else by now.
UPDATE broadcasts SET total = :total, told_at = :now
WHERE broadcast_id = :broadcast_id AND state = 'draft' AND days = :days AND language = :language;

-- name: set_panel!
UPDATE broadcasts SET panel_id = :panel_id WHERE broadcast_id = :broadcast_id AND state = 'draft';

-- name: panel$
SELECT COALESCE(panel_id, 0) FROM broadcasts WHERE broadcast_id = :broadcast_id;

-- name: drop_orders!
DELETE FROM jobs WHERE kind = :kind AND lane = :lane AND subject <> :subject;

-- name: drop!
DELETE FROM broadcasts WHERE broadcast_id = :broadcast_id AND state = 'draft';

-- name: start!
UPDATE broadcasts SET state = 'running', started_at = :now, told_at = :now, total = :total, panel_id = :panel_id
WHERE broadcast_id = :broadcast_id AND state = 'draft' AND NOT EXISTS (
  SELECT 1 FROM broadcasts AS other WHERE other.state = 'running'
);

-- name: end!
UPDATE broadcasts SET state = :state, ended_at = :now WHERE broadcast_id = :broadcast_id AND state = 'running';

-- name: add_counts!
UPDATE broadcasts SET delivered = delivered + :delivered, blocked = blocked + :blocked, failed = failed + :failed,
  unknown = unknown + :unknown
WHERE broadcast_id = :broadcast_id;

-- name: told!
UPDATE broadcasts SET told_at = :now WHERE broadcast_id = :broadcast_id;

-- name: pass_by!
UPDATE broadcasts SET passed_id = :user_id WHERE broadcast_id = :broadcast_id AND passed_id < :user_id;

-- name: set_troubles!
UPDATE broadcasts SET troubles = :troubles WHERE broadcast_id = :broadcast_id AND troubles <> :troubles;

-- name: audience
-- How many there are of each wish for a language.
SELECT language, client_language, COUNT(*) AS people FROM users
WHERE talked_at >= :since AND gone = 0 AND news = 1 AND (banned = 0 OR banned_until <= :now)
  AND (member = 1 OR :everybody = 1)
GROUP BY language, client_language;

-- name: page
SELECT user_id, language, client_language FROM users
WHERE user_id > :after AND talked_at >= :since AND created_at <= :started_at
  AND gone = 0 AND news = 1 AND (banned = 0 OR banned_until <= :now) AND (member = 1 OR :everybody = 1)
ORDER BY user_id LIMIT :most;

-- name: begin!
-- Only while it runs, only for whoever still wants it, and once.
INSERT INTO broadcast_people (broadcast_id, user_id, outcome)
SELECT :broadcast_id, user_id, 'begun' FROM users
WHERE user_id = :user_id AND gone = 0 AND news = 1 AND (banned = 0 OR banned_until <= :now)
  AND EXISTS (SELECT 1 FROM broadcasts WHERE broadcast_id = :broadcast_id AND state = 'running')
ON CONFLICT (broadcast_id, user_id) DO NOTHING;

-- name: begin_again!
UPDATE broadcast_people SET outcome = 'begun', tries = tries + 1
WHERE broadcast_id = :broadcast_id AND user_id = :user_id AND outcome = 'later'
  AND EXISTS (SELECT 1 FROM users WHERE user_id = :user_id AND gone = 0 AND news = 1
    AND (banned = 0 OR banned_until <= :now))
  AND EXISTS (SELECT 1 FROM broadcasts WHERE broadcast_id = :broadcast_id AND state = 'running');

-- name: drop_person!
DELETE FROM broadcast_people WHERE broadcast_id = :broadcast_id AND user_id = :user_id AND outcome = 'later';

-- name: settle!
UPDATE broadcast_people SET outcome = :outcome
WHERE broadcast_id = :broadcast_id AND user_id = :user_id AND outcome = 'begun';

-- name: settle_begun!
-- Whoever had begun is dead: nobody knows whether it arrived.
UPDATE broadcast_people SET outcome = 'unknown' WHERE broadcast_id = :broadcast_id AND outcome = 'begun';

-- name: postponed^
SELECT broadcast_people.user_id, broadcast_people.tries, users.language, users.client_language
FROM broadcast_people JOIN users ON users.user_id = broadcast_people.user_id
WHERE broadcast_id = :broadcast_id AND outcome = 'later'
ORDER BY tries, broadcast_people.user_id LIMIT 1;

-- name: counts
SELECT outcome, COUNT(*) AS people FROM broadcast_people WHERE broadcast_id = :broadcast_id GROUP BY outcome;

-- name: forget
-- Only whom nothing is to happen to any more, unless `all` of them.
DELETE FROM broadcast_people WHERE broadcast_id = :broadcast_id AND user_id IN (
  SELECT user_id FROM broadcast_people
  WHERE broadcast_id = :broadcast_id AND (:all = 1 OR outcome NOT IN ('begun', 'later')) LIMIT :most
) RETURNING outcome;
