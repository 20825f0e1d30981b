"""Jobs: work that happens later, through Django's `django.tasks`, stored in PostgreSQL and run by procrastinate.

Write a job as a task in the module `jobs` of an app, where the worker finds it:

    from django.tasks import task

    @task
    def draw_thumbnails(attachment_id: int) -> None: ...

    draw_thumbnails.enqueue(attachment.pk)

- `enqueue` stores the job once the transaction has committed, so its `id` is empty until then. Never call it in the
  transaction that posts a message: the notification of the queue would hold up all other posts.
- Arguments are ids. Links, tokens and texts are made when the job runs: the job's row may be read by anyone who may
  read a backup.
- A job may run twice, for example when its process is killed. Write it so that this does no harm.
- `@task(queue_name="heavy")` is for jobs that take more than a few seconds of processor time: see heavy.py. All other
  jobs run on LIGHT_THREADS threads of each web process, separate from those that answer requests.
- A job that fails is retried for ten minutes, or for as long as `@retried(timedelta(days=1))` above `@task` specifies.
  If its process is killed, another process runs it within a minute.
- `@every("17 3 * * *")` above `@task` runs a task without arguments on a cron schedule, in UTC: once for each due time
  across all processes, and late if no process was running then.

To fill a column of a large table, write a method that fills one batch and returns the number of rows, a task that calls
it until no rows are left, and a periodic task that enqueues the first task while there is work:

    @task(queue_name="heavy")
    def fill_facts() -> None:
        until_done(Message.objects.fill_facts)  # chatsite.jobs.batches
"""
