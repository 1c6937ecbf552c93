-- name: insert!
-- The same wish, sent or tapped twice, is one generation.
INSERT INTO generations (
  generation_id, request_key, user_id, chat_id, thread_id, message_id, parent_id, action,
  model, prompt, negative, ratio, seed, variation, price, status, created_at, wished, sources, inline_id,
  payer_id, spoiler, style
) VALUES (
  :generation_id, :request_key, :user_id, :chat_id, :thread_id, :message_id, :parent_id, :action,
  :model, :prompt, :negative, :ratio, :seed, :variation, :price, 'queued', :created_at, :wished, :sources, :inline_id,
  :payer_id, :spoiler, :style
) ON CONFLICT (request_key) DO NOTHING;

-- name: get^
SELECT * FROM generations WHERE generation_id = :generation_id;

-- name: get_owned^
-- What others own and what was deleted is not there.
SELECT * FROM generations
WHERE generation_id = :generation_id AND user_id = :user_id AND deleted_at IS NULL;

-- name: owner$
SELECT COALESCE(MAX(user_id), 0) FROM generations WHERE generation_id = :generation_id;

-- name: move!
UPDATE generations SET
  status = :after,
  cause = :cause,
  error_id = COALESCE(:error_id, error_id),
  started_at = COALESCE(started_at, :started_at),
  ended_at = COALESCE(:ended_at, ended_at),
  draw_ms = COALESCE(:draw_ms, draw_ms),
  shown_as = COALESCE(:shown_as, shown_as),
  file_id = COALESCE(:file_id, file_id),
  original_id = COALESCE(:original_id, original_id),
  note_id = COALESCE(:note_id, note_id),
  price = COALESCE(:price, price),
  width = COALESCE(:width, width),
  height = COALESCE(:height, height),
  interrupted = COALESCE(:interrupted, interrupted),
  tries = COALESCE(:tries, tries)
WHERE generation_id = :generation_id AND status = :before;

-- name: hand_to!
UPDATE generations SET model = :model, ratio = :ratio, seed = :seed, wished = :wished
WHERE generation_id = :generation_id AND status = 'drawing';

-- name: set_note!
UPDATE generations SET note_id = :note_id WHERE generation_id = :generation_id;

-- name: set_original!
UPDATE generations SET original_id = :original_id WHERE generation_id = :generation_id;

-- name: set_file!
UPDATE generations SET file_id = :file_id, shown_as = :shown_as
WHERE generation_id = :generation_id AND status = 'ready';

-- name: set_public!
-- The first link counts; pressing again shows it.
UPDATE generations SET public_link = :public_link, public_id = :public_id
WHERE generation_id = :generation_id AND public_link IS NULL;

-- name: unset_public!
UPDATE generations SET public_link = NULL, public_id = NULL
WHERE generation_id = :generation_id AND public_link IS NOT NULL;

-- name: set_fenced!
UPDATE generations SET fenced = :fenced WHERE generation_id = :generation_id AND status = 'ready';

-- name: recent_child^
-- What seems to come from the future was made before the clock stepped back: some time ago.
SELECT * FROM generations
WHERE parent_id = :parent_id AND action = :action AND created_at >= :since AND created_at <= :now
ORDER BY created_at DESC LIMIT 1;

-- name: last_variation$
SELECT MAX(variation) FROM generations WHERE parent_id = :parent_id AND action = 'vary';

-- name: typical
SELECT draw_ms FROM generations
WHERE model = :model AND status = 'delivered' AND draw_ms IS NOT NULL
ORDER BY ended_at DESC LIMIT :limit;

-- name: open
SELECT * FROM generations
WHERE status IN ('queued', 'drawing', 'ready') AND (note_id IS NOT NULL OR inline_id IS NOT NULL)
ORDER BY created_at, generation_id;

-- name: missed
-- Drawn while the person was away. What was brought since has left the shelf's row behind.
SELECT generations.* FROM generations JOIN shelf ON shelf.generation_id = generations.generation_id
WHERE user_id = :user_id AND status = 'failed' AND cause IN ('chat-closed', 'pictures-barred') AND kept_until > :now
ORDER BY created_at DESC, generations.generation_id DESC LIMIT :limit;

-- name: missed_in
-- Drawn while the bot was not in the group, or could show nothing there.
SELECT generations.* FROM generations JOIN shelf ON shelf.generation_id = generations.generation_id
WHERE chat_id = :chat_id AND status = 'failed' AND cause IN ('chat-closed', 'pictures-barred') AND kept_until > :now
ORDER BY created_at DESC, generations.generation_id DESC LIMIT :limit;

-- name: mark_deleted!
-- Its words are gone at once: only a public link may still have to be taken back.
UPDATE generations SET deleted_at = :now, prompt = '', negative = NULL, style = NULL, sources = NULL
WHERE generation_id = :generation_id AND user_id = :user_id AND status = 'delivered' AND deleted_at IS NULL;

-- name: set_favorite!
UPDATE generations SET favorite_at = :favorite_at
WHERE generation_id = :generation_id AND user_id = :user_id AND status = 'delivered' AND deleted_at IS NULL;

-- name: get_shown^
-- The picture in a message.
SELECT * FROM generations
WHERE chat_id = :chat_id AND note_id = :message_id
  AND status = 'delivered' AND deleted_at IS NULL;

-- name: get_noted^
-- The same, or what will become one.
SELECT * FROM generations
WHERE chat_id = :chat_id AND note_id = :message_id AND deleted_at IS NULL
ORDER BY created_at DESC LIMIT 1;

-- name: put_wish!
INSERT INTO wishes (wish_id, user_id, chat_id, thread_id, message_id, wish, created_at)
VALUES (:wish_id, :user_id, :chat_id, :thread_id, :message_id, :wish, :created_at)
ON CONFLICT (wish_id) DO NOTHING;

-- name: get_wish^
SELECT * FROM wishes WHERE wish_id = :wish_id AND user_id = :user_id;

-- name: prune_wishes!
DELETE FROM wishes WHERE created_at < :before;
