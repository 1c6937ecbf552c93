-- name: unfinished
SELECT generation_id, status FROM generations WHERE status IN ('queued', 'drawing', 'ready');

-- name: drop_jobs!
-- Taking back a public link and forgetting somebody are the only work that does no harm when it was done since.
DELETE FROM jobs WHERE kind <> :withdraw AND kind <> :forget;

-- name: forgetting
SELECT subject, lane FROM jobs WHERE kind = :kind;

-- name: doubt_posts!
-- What was on its way to a channel may have arrived since: its person looks before anything is sent again.
UPDATE posts SET state = 'unsure', asked = NULL, due_at = NULL WHERE state IN ('planned', 'sending', 'begun');

-- name: drop_outbox!
-- What was sent left its key behind, which stays.
DELETE FROM outbox WHERE method <> '';

-- name: drop_inbox!
DELETE FROM inbox WHERE state = 'new';

-- name: stop_broadcasts!
-- Who was told since is not known, and nobody is told twice.
UPDATE broadcasts SET state = 'stopped', ended_at = :now WHERE state = 'running';

-- name: forget_readers!
DELETE FROM broadcast_people;

-- name: shelved
SELECT generation_id, file, original FROM shelf;

-- name: drop_shelved!
DELETE FROM shelf WHERE generation_id = :generation_id;

-- name: newest_update$
SELECT COALESCE(MAX(received_at), 0) FROM inbox;

-- name: updates_since
SELECT * FROM inbox WHERE received_at >= :since;

-- name: put_update!
INSERT INTO inbox (bot_id, update_id, lane, owner_id, received_at, raw, state, attempts)
VALUES (:bot_id, :update_id, :lane, :owner_id, :received_at, :raw, :state, :attempts)
ON CONFLICT (bot_id, update_id) DO UPDATE SET
  owner_id = excluded.owner_id, raw = excluded.raw, state = excluded.state, attempts = excluded.attempts;

-- name: spending
SELECT provider, day, credits FROM spending;

-- name: put_spending!
INSERT INTO spending (provider, day, credits) VALUES (:provider, :day, :credits)
ON CONFLICT (provider, day) DO UPDATE SET credits = excluded.credits WHERE spending.credits < excluded.credits;

-- name: deleted
SELECT generation_id, deleted_at FROM generations WHERE deleted_at IS NOT NULL;

-- name: put_deleted!
-- Its words go with it, as they did then.
UPDATE generations SET deleted_at = :deleted_at, prompt = '', negative = NULL, style = NULL, sources = NULL
WHERE generation_id = :generation_id AND deleted_at IS NULL;
