-- name: people
-- Everybody about whom anything is kept, by their numbers.
SELECT user_id FROM users WHERE user_id > 0
UNION SELECT user_id FROM balances WHERE user_id > 0
UNION SELECT user_id FROM generations WHERE user_id > 0
UNION SELECT user_id FROM wishes WHERE user_id > 0
UNION SELECT user_id FROM strikes
UNION SELECT reporter_id FROM reviews WHERE reporter_id > 0
UNION SELECT added_by FROM channels WHERE added_by > 0
UNION SELECT owner_id FROM inbox WHERE owner_id > 0
UNION SELECT owner_id FROM outbox WHERE owner_id > 0;

-- name: unfinished
-- By their status, of which there are few, and not by the person, who may have very many: hence the plus.
SELECT generation_id, status, fenced FROM generations
WHERE status IN ('queued', 'drawing', 'ready') AND +user_id = :user_id ORDER BY created_at, generation_id;

-- name: held_job$
SELECT COUNT(*) FROM jobs WHERE kind = :kind AND subject = :subject AND leased_until IS NOT NULL;

-- name: being_published$
SELECT COUNT(*) FROM jobs JOIN generations ON generations.generation_id = jobs.subject
WHERE jobs.kind = :publish AND jobs.leased_until IS NOT NULL AND generations.user_id = :user_id;

-- name: links
-- Pictures that everybody can see who has their link, and those on their way there.
SELECT generation_id, public_id, NULL AS remote_id FROM generations WHERE user_id = :user_id AND public_id > ''
UNION ALL
SELECT generations.generation_id, NULL AS public_id, jobs.remote_id
FROM jobs JOIN generations ON generations.generation_id = jobs.subject
WHERE jobs.kind = :publish AND jobs.remote_id IS NOT NULL AND generations.user_id = :user_id;

-- name: files
SELECT shelf.file, shelf.original FROM shelf JOIN generations ON generations.generation_id = shelf.generation_id
WHERE generations.user_id = :user_id;

-- name: drop_shelf!
DELETE FROM shelf WHERE generation_id IN (SELECT generation_id FROM generations WHERE user_id = :user_id);

-- name: drop_open_reports!
DELETE FROM reviews
WHERE verdict IS NULL AND generation_id IN (SELECT generation_id FROM generations WHERE user_id = :user_id);

-- name: drop_notes!
DELETE FROM outbox WHERE note_of IS NOT NULL AND EXISTS (
  SELECT 1 FROM generations WHERE generations.generation_id = outbox.note_of AND generations.user_id = :user_id
);

-- name: drop_jobs_of_pictures!
-- Links and orders are taken back all the same: see `rename_lanes`.
DELETE FROM jobs WHERE kind NOT IN ('withdraw', 'take_back', 'forget') AND (
  EXISTS (SELECT 1 FROM generations WHERE generations.generation_id = jobs.subject AND generations.user_id = :user_id)
  OR subject IN (SELECT post_id FROM posts WHERE user_id = :user_id)
);

-- name: drop_own_jobs!
DELETE FROM jobs WHERE kind NOT IN ('withdraw', 'take_back', 'forget') AND (
  lane LIKE :in_lane OR subject = :number OR subject LIKE :inside OR subject LIKE :begins
);

-- name: rename_lanes!
UPDATE jobs SET lane = REPLACE(lane, :number, :renamed) WHERE kind IN ('withdraw', 'take_back') AND lane LIKE :in_lane;

-- name: drop_lanes!
DELETE FROM lanes WHERE lane LIKE :in_lane;

-- name: blank_inbox!
-- That an update was handled is kept, so that it is not handled again; not whose it was.
UPDATE inbox SET raw = '', lane = 'nobody', owner_id = 0
WHERE lane = :lane AND state <> 'new' AND received_at >= :since;

-- name: unhandled
SELECT bot_id, update_id, raw FROM inbox WHERE owner_id = :user_id AND state = 'new';

-- name: put_raw!
UPDATE inbox SET raw = :raw WHERE bot_id = :bot_id AND update_id = :update_id;

-- name: drop_outbox!
DELETE FROM outbox WHERE chat_id = :user_id OR owner_id = :user_id OR target LIKE :whispered
  OR target LIKE :whispered_first OR once LIKE :inside OR once LIKE :ends;

-- name: drop_pauses!
DELETE FROM pauses WHERE chat_id = :user_id;

-- name: drop_wishes!
DELETE FROM wishes WHERE user_id = :user_id;

-- name: drop_posts!
DELETE FROM posts WHERE user_id = :user_id;

-- name: drop_channels!
UPDATE channels SET added_by = 0 WHERE added_by = :user_id;

-- name: drop_strikes!
DELETE FROM strikes WHERE user_id = :user_id;

-- name: rename_reporter!
UPDATE reviews SET reporter_id = :name WHERE reporter_id = :user_id;

-- name: rename_moderator!
UPDATE reviews SET moderator_id = :name WHERE moderator_id = :user_id;

-- name: mark_subject!
UPDATE audit SET subject = :mark, detail = '', reason = '' WHERE subject = :number;

-- name: mark_detail!
-- Whose a picture was about which moderators decided: that is sealed for them, so it is found by the picture.
UPDATE audit SET detail = :mark WHERE detail = :number OR (detail <> '' AND EXISTS (
  SELECT 1 FROM generations WHERE generations.generation_id = audit.subject AND generations.user_id = :user_id
));

-- name: rename_admin!
UPDATE audit SET admin_id = :name WHERE admin_id = :user_id;

-- name: drop_asks!
DELETE FROM asks WHERE admin_id = :user_id OR subject = :number;

-- name: rename_blocker!
UPDATE blocked SET admin_id = :name WHERE admin_id = :user_id;

-- name: rename_switcher!
UPDATE provider_switches SET changed_by = :name WHERE changed_by = :user_id;

-- name: rename_pricer!
UPDATE own_prices SET set_by = :name WHERE set_by = :user_id;

-- name: rename_presetter!
UPDATE own_presets SET set_by = :name WHERE set_by = :user_id;

-- name: stop_broadcasts!
UPDATE broadcasts SET state = 'stopped', ended_at = :now WHERE admin_id = :user_id AND state = 'running';

-- name: drop_broadcasts!
DELETE FROM broadcasts WHERE admin_id = :user_id AND broadcast_id NOT IN (SELECT broadcast_id FROM broadcast_people);

-- name: rename_author!
UPDATE broadcasts SET admin_id = :name, panel_id = NULL WHERE admin_id = :user_id;

-- name: drop_reader!
DELETE FROM broadcast_people WHERE user_id = :user_id AND outcome = 'later';

-- name: rename_reader!
-- Who was told, was told: the count stays.
UPDATE broadcast_people SET user_id = :name WHERE user_id = :user_id;

-- name: empty_generations!
-- What the figures count stays: which model, what it cost, how it ended, how long it took.
UPDATE generations SET
  request_key = 'forgotten:' || generation_id, user_id = :name, chat_id = CASE WHEN chat_id < 0 THEN chat_id ELSE 0 END,
  thread_id = NULL, message_id = NULL, note_id = NULL, inline_id = NULL, parent_id = NULL, action = NULL,
  prompt = '', negative = NULL, style = NULL, wished = NULL, sources = NULL, seed = NULL, variation = 0,
  error_id = NULL, shown_as = NULL, file_id = NULL, original_id = NULL, public_link = NULL, public_id = NULL,
  favorite_at = NULL, deleted_at = :now
WHERE generation_id IN (SELECT generation_id FROM generations WHERE user_id = :user_id LIMIT :most);

-- name: account^
SELECT day, held FROM balances WHERE user_id = :user_id;

-- name: take_pictures!
-- What has not ended stays: it is theirs still, and ends first. So does what is being published now: until it is there
-- nobody can say which copy is to be taken back.
UPDATE generations SET user_id = :batch WHERE generation_id IN (
  SELECT generation_id FROM generations
  WHERE user_id = :user_id AND status IN ('delivered', 'failed', 'cancelled', 'expired') AND NOT EXISTS (
    SELECT 1 FROM jobs
    WHERE jobs.kind = :publish AND jobs.subject = generations.generation_id AND jobs.leased_until IS NOT NULL
  ) LIMIT :most
);

-- name: handled
SELECT bot_id, update_id FROM inbox WHERE lane = :lane AND state <> 'new';

-- name: blank_update!
UPDATE inbox SET raw = '', lane = 'nobody', owner_id = 0
WHERE bot_id = :bot_id AND update_id = :update_id AND lane = :lane AND state <> 'new';

-- name: some_days
-- What each day has left over of the credits that stay: given, and not held.
SELECT day, COUNT(*) AS lines,
  SUM(kept * CASE WHEN kind IN ('grant', 'release') THEN 1 WHEN kind IN ('hold', 'revoke') THEN -1 ELSE 0 END) AS kept
FROM entries WHERE user_id = :user_id AND day < :before GROUP BY day ORDER BY day LIMIT :most;

-- name: bridged$
-- By its source, of which there are two, and not by the person, of whom there are ever more: hence the plus.
SELECT COALESCE(SUM(CASE kind WHEN 'revoke' THEN kept ELSE -kept END), 0) FROM entries
WHERE source = :source AND +user_id = :name;

-- name: drop_bridge!
DELETE FROM entries WHERE source = :source;

-- name: add_bridge!
INSERT INTO entries (source, kind, user_id, day, daily, kept, at) VALUES (:source, :kind, :user_id, :day, 0, :kept, :at);

-- name: days
SELECT DISTINCT day FROM entries WHERE user_id = :user_id;

-- name: rename_entries!
-- Sources that hold the number of their person are of days; the others are names of pictures and gifts.
UPDATE entries SET user_id = :name, source = REPLACE(source, :pair, :pair_renamed)
WHERE user_id = :user_id AND day = :day;

-- name: rename_gifts!
UPDATE entries SET source = REPLACE(source, :pair, :pair_renamed) WHERE source LIKE :gifts;

-- name: rename_balance!
UPDATE balances SET user_id = :name WHERE user_id = :user_id;

-- name: drop_user!
DELETE FROM users WHERE user_id = :user_id;

-- name: used_pots$
SELECT COUNT(*) FROM generations WHERE user_id = :user_id AND payer_id IS NOT NULL AND created_at >= :since;

-- name: remembered^
SELECT day, daily, banned, banned_until, own FROM forgotten WHERE mark = :mark;

-- name: remember!
INSERT INTO forgotten (mark, forgotten_at, day, daily, banned, banned_until, own)
VALUES (:mark, :now, :day, :daily, :banned, :banned_until, :own);

-- name: stop_remembering!
DELETE FROM forgotten WHERE mark = :mark;

-- name: prune!
DELETE FROM forgotten WHERE day < :today AND own IS NULL AND (banned = 0 OR banned_until <= :now);

-- name: in_chats
-- A day later no limit of a group needs to know any more that these were drawn there.
SELECT generation_id FROM generations WHERE chat_id < 0 AND user_id < :highest AND created_at < :before;

-- name: leave_chat!
UPDATE generations SET chat_id = 0 WHERE generation_id = :generation_id AND chat_id < 0;
