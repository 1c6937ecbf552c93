-- name: add!
INSERT INTO jobs (kind, subject, lane, due_at)
VALUES (:kind, :subject, :lane, :due_at)
ON CONFLICT (kind, subject) DO NOTHING;

-- name: get_next^
-- The oldest due job of the lane that was served longest ago, among the lanes where nobody works; of one kind, if any.
SELECT jobs.job_id, jobs.kind, jobs.subject, jobs.lane, jobs.due_at, jobs.attempts, jobs.remote_id
FROM jobs
LEFT JOIN lanes ON lanes.lane = jobs.lane
WHERE jobs.due_at <= :now AND (CAST(:kind AS TEXT) IS NULL OR jobs.kind = :kind)
  AND NOT EXISTS (SELECT 1 FROM jobs AS held WHERE held.lane = jobs.lane AND held.leased_until > :now)
ORDER BY COALESCE(lanes.served, 0), jobs.due_at, jobs.job_id
LIMIT 1;

-- name: serve!
-- Also a lock: on PostgreSQL a second claim in this lane waits here for the first.
INSERT INTO lanes (lane, served)
SELECT :lane, COALESCE(MAX(served), 0) + 1 FROM lanes WHERE true
ON CONFLICT (lane) DO UPDATE SET served = excluded.served;

-- name: lease!
UPDATE jobs SET attempts = attempts + 1, leased_until = :lease_until
WHERE job_id = :job_id AND attempts = :attempts
  AND NOT EXISTS (SELECT 1 FROM jobs AS held WHERE held.lane = :lane AND held.leased_until > :now);

-- name: extend!
UPDATE jobs SET leased_until = :lease_until
WHERE job_id = :job_id AND attempts = :attempts AND leased_until IS NOT NULL;

-- name: remember!
UPDATE jobs SET remote_id = :remote_id
WHERE job_id = :job_id AND attempts = :attempts AND leased_until IS NOT NULL;

-- name: put_back!
UPDATE jobs SET due_at = :due_at, leased_until = NULL
WHERE job_id = :job_id AND attempts = :attempts AND leased_until IS NOT NULL;

-- name: done!
DELETE FROM jobs
WHERE job_id = :job_id AND attempts = :attempts AND leased_until IS NOT NULL;

-- name: cancel^
DELETE FROM jobs WHERE kind = :kind AND subject = :subject
RETURNING job_id, kind, subject, lane, due_at, attempts, remote_id;

-- name: free_all!
UPDATE jobs SET leased_until = NULL WHERE leased_until IS NOT NULL;

-- name: hasten!
-- What was never tried was due when it was left.
UPDATE jobs SET due_at = CASE WHEN attempts = 0 THEN :now ELSE :latest END
WHERE kind = :kind AND due_at > CASE WHEN attempts = 0 THEN :now ELSE :latest END;

-- name: get_leased
SELECT job_id, attempts FROM jobs WHERE leased_until IS NOT NULL;

-- name: is_due$
SELECT count(*) AS found FROM jobs WHERE kind = :kind AND due_at <= :now AND leased_until IS NULL;

-- name: is_there$
SELECT count(*) AS found FROM jobs WHERE kind = :kind AND subject = :subject;

-- name: prune_lanes!
-- One look at the jobs, and not one for each lane.
DELETE FROM lanes WHERE lane NOT IN (SELECT lane FROM jobs);

-- name: count_in_lane$
SELECT COUNT(*) FROM jobs WHERE kind = :kind AND lane = :lane;

-- name: get_waiting
SELECT jobs.lane, jobs.subject
FROM jobs
LEFT JOIN lanes ON lanes.lane = jobs.lane
WHERE jobs.kind = :kind AND jobs.leased_until IS NULL
ORDER BY COALESCE(lanes.served, 0), jobs.due_at, jobs.job_id;
