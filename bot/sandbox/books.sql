-- name: get_balance^
SELECT day, daily, kept, held FROM balances WHERE user_id = :user_id;

-- name: get_entries
SELECT source, kind, day, daily, kept, at FROM entries WHERE user_id = :user_id
ORDER BY at DESC, CASE kind WHEN 'grant' THEN 0 WHEN 'hold' THEN 1 ELSE 2 END DESC, source DESC
LIMIT :most;

-- name: get_generations
SELECT generation_id AS id, status, cause, model, prompt, ratio, seed, price, chat_id AS chat, note_id AS note,
  parent_id AS parent, action, created_at AS created, started_at AS started, ended_at AS ended, draw_ms
FROM generations WHERE user_id = :user_id
ORDER BY created_at DESC, generation_id DESC
LIMIT :most;

-- name: get_jobs
-- Of everybody: whoever waits wants to know behind whom.
SELECT jobs.job_id AS id, jobs.kind, jobs.subject, jobs.lane, jobs.due_at AS due, jobs.attempts,
  jobs.leased_until AS leased, jobs.remote_id IS NOT NULL AS ordered
FROM jobs LEFT JOIN lanes ON lanes.lane = jobs.lane
ORDER BY jobs.leased_until IS NULL, COALESCE(lanes.served, 0), jobs.due_at, jobs.job_id
LIMIT :most;

-- name: get_unsent
SELECT outbox_id AS id, chat_id AS chat, method, attempts, not_before, created_at AS created FROM outbox
WHERE method <> ''
ORDER BY outbox_id
LIMIT :most;

-- name: get_pauses
SELECT chat_id AS chat, until_at AS until FROM pauses ORDER BY chat_id LIMIT :most;
