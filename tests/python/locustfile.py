"""What the class `Plodder` of tests/load_test does, for Locust: 3 users, 20 rounds each."""

import gevent
from locust import HttpUser, constant, stats, task
from locust.exception import StopUser

USERS = 3
ROUNDS = 20

# Locust does not write the end of a run to its CSV files. So it writes ten times a second, and ends two seconds after the last user: timers fire in order.
stats.CSV_STATS_INTERVAL_SEC = 0.1
ended = 0


class Plodder(HttpUser):
    wait_time = constant(0.05)
    rounds = 0

    @task
    def walk(self):
        global ended
        if self.rounds == ROUNDS:
            ended += 1
            if ended == USERS:
                gevent.spawn_later(2, self.environment.runner.quit)
            raise StopUser()
        self.rounds += 1
        self.client.get("/")
        self.client.get("/missing")
        raise ValueError("this user fails")
