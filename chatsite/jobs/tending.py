"""The statement by which every worker frees the jobs of killed processes."""

HEARTBEAT_SECONDS = 5
STALE_SECONDS = 4 * HEARTBEAT_SECONDS
# More attempts than any task makes: such a job may be killing the processes that run it.
MAX_ATTEMPTS = 40
TEND = """
WITH gone AS (
    DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - %(stale)s * interval '1 second' RETURNING id
), freed AS (
    UPDATE procrastinate_jobs
    SET status = (CASE WHEN attempts < %(most)s THEN 'todo' ELSE 'failed' END)::procrastinate_job_status,
        attempts = attempts + 1, worker_id = NULL
    WHERE status = 'doing' AND (worker_id IS NULL OR worker_id IN (SELECT id FROM gone))
    RETURNING id, queue_name
), announced AS (
    SELECT pg_notify('procrastinate_queue_v1#' || queue_name, '{"type": "job_inserted", "job_id": ' || id || '}')
    FROM freed
)
SELECT (SELECT count(*) FROM announced) AS freed, EXISTS (
    SELECT FROM procrastinate_jobs WHERE queue_name = 'heavy' AND status = 'todo'
    AND (scheduled_at IS NULL OR scheduled_at <= now())
) OR EXISTS (SELECT FROM freed WHERE queue_name = 'heavy') AS is_heavy_due
"""
VALUES = {"stale": STALE_SECONDS, "most": MAX_ATTEMPTS}
