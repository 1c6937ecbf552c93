-- name: put_update!
INSERT INTO inbox (bot_id, update_id, lane, owner_id, received_at, raw, state, attempts)
VALUES (:bot_id, :update_id, :lane, :owner_id, :received_at, :raw, :state, :attempts)
ON CONFLICT (bot_id, update_id) DO NOTHING;

-- name: open_updates
SELECT update_id, lane, owner_id, raw, attempts, received_at FROM inbox
WHERE bot_id = :bot_id AND state = 'new'
ORDER BY received_at, update_id;

-- name: open_in_lane
SELECT update_id, lane, owner_id, raw, attempts, received_at FROM inbox
WHERE bot_id = :bot_id AND state = 'new' AND lane = :lane
ORDER BY received_at, update_id LIMIT :limit;

-- name: count_attempt!
UPDATE inbox SET attempts = attempts + 1
WHERE bot_id = :bot_id AND update_id = :update_id AND state = 'new';

-- name: end_update!
-- What was handled is not kept; its id is, so that it is not handled again.
UPDATE inbox SET state = 'done', raw = ''
WHERE bot_id = :bot_id AND update_id = :update_id AND state = 'new';

-- name: set_aside!
UPDATE inbox SET state = 'set_aside'
WHERE bot_id = :bot_id AND update_id = :update_id AND state = 'new';

-- name: prune_updates!
-- After a long rest there are many: others wait for some only.
DELETE FROM inbox WHERE (bot_id, update_id) IN (
  SELECT bot_id, update_id FROM inbox WHERE received_at < :before AND state <> 'new' LIMIT :most
);

-- name: add_row!
INSERT INTO outbox (chat_id, method, owner_id, payload, target, note_of, once, created_at, not_before)
VALUES (:chat_id, :method, :owner_id, :payload, :target, :note_of, :once, :created_at, :not_before)
ON CONFLICT (once) DO NOTHING;

-- name: supersede!
-- `target` names the message that is edited.
DELETE FROM outbox WHERE chat_id = :chat_id AND method = :method AND note_of IS NULL AND once IS NULL
  AND target = :target;

-- name: hush!
-- `target` names whom a whisper is for.
DELETE FROM outbox WHERE chat_id = :chat_id AND target = :target AND outbox_id NOT IN (
  SELECT outbox_id FROM outbox WHERE chat_id = :chat_id AND target = :target ORDER BY outbox_id DESC LIMIT :newest
);

-- name: chats
-- A row without a method was sent and only stands for its `once`.
SELECT chat_id, MAX(outbox_id) AS newest FROM outbox WHERE outbox_id > :after AND method <> '' AND not_before <= :now
GROUP BY chat_id ORDER BY MIN(outbox_id);

-- name: next_row^
SELECT outbox_id, chat_id, method, owner_id, payload, note_of, once, attempts FROM outbox
WHERE chat_id = :chat_id AND method <> '' AND not_before <= :now
ORDER BY outbox_id LIMIT 1;

-- name: mark_attempt!
UPDATE outbox SET attempts = attempts + 1 WHERE outbox_id = :outbox_id;

-- name: unmark_attempt!
UPDATE outbox SET attempts = 0 WHERE outbox_id = :outbox_id;

-- name: remove_row!
DELETE FROM outbox WHERE outbox_id = :outbox_id;

-- name: bury_row!
UPDATE outbox SET method = '', payload = '', target = NULL, note_of = NULL, not_before = :forget_at
WHERE outbox_id = :outbox_id;

-- name: forget_buried!
DELETE FROM outbox WHERE method = '' AND not_before < :now;

-- name: waits_for_note$
SELECT COUNT(*) FROM outbox WHERE note_of = :note_of;

-- name: ahead$
SELECT COUNT(*) FROM outbox
WHERE chat_id = :chat_id AND method <> '' AND outbox_id <= (SELECT MAX(outbox_id) FROM outbox WHERE note_of = :note_of);

-- name: drop_chat!
DELETE FROM outbox WHERE chat_id = :chat_id AND method <> '';

-- name: pause!
INSERT INTO pauses (chat_id, until_at) VALUES (:chat_id, :until_at)
ON CONFLICT (chat_id) DO UPDATE SET until_at = excluded.until_at;

-- name: pauses
SELECT chat_id, until_at FROM pauses;

-- name: prune_pauses!
DELETE FROM pauses WHERE until_at < :now;

-- name: move_outbox!
UPDATE outbox SET chat_id = :after WHERE chat_id = :before;

-- name: drop_held!
-- The group is not new, so it is neither greeted nor left.
DELETE FROM outbox WHERE chat_id = :after AND method <> '' AND not_before > :now;

-- name: keep_word!
-- What was said once in the old group is not said in the new one.
INSERT INTO outbox (chat_id, method, payload, once, created_at, not_before)
VALUES (:after, '', '', :once, :now, :forget_at)
ON CONFLICT (once) DO NOTHING;

-- name: move_pauses!
INSERT INTO pauses (chat_id, until_at) SELECT :after, until_at FROM pauses WHERE chat_id = :before
ON CONFLICT (chat_id) DO UPDATE SET until_at = excluded.until_at;

-- name: drop_changes!
-- In the new group the same number is another message. Notes are looked for when their edits go out.
DELETE FROM outbox WHERE chat_id = :before AND note_of IS NULL AND (method = 'deleteMessage' OR method LIKE 'edit%');

-- name: move_generations!
-- A message of the old group is out of reach in the new one: the picture comes as a new message there.
UPDATE generations SET chat_id = :after, note_id = NULL, message_id = NULL WHERE chat_id = :before;

-- name: move_wishes!
UPDATE wishes SET chat_id = :after, message_id = NULL WHERE chat_id = :before;
