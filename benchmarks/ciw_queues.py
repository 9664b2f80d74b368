"""As much of the caseload benchmark as Ciw can express: a queueing network, so many queues and so much work alike.

Ciw knows customers who arrive, wait and are served, not people who fall due again and again. So each team is a queue
with its officers as servers; visits of each risk level and reviews arrive at the rates at which they fall due, of
which the most urgent kind is served first whatever its age; a failed visit is tried again at once; the clock knows
working hours only; nobody joins or leaves. The pieces of work are as many, the weekly counts cannot be the same.
"""

from __future__ import annotations

import ciw

from benchmarks.queues import Queues


def network(queues: Queues) -> ciw.network.Network:
    """Teams as nodes, kinds of work as classes of customers."""
    arrivals, services, routing, priorities = {}, {}, {}, {}
    visit_hours = ciw.dists.Lognormal(*queues.visit_hours)
    review_hours = ciw.dists.Deterministic(queues.review_hours)
    nodes = len(queues.teams)
    levels = len(queues.teams[0].visits_an_hour)
    for kind in range(levels + 1):
        name = f"visit {kind}" if kind < levels else "review"
        rates = [team.visits_an_hour[kind] if kind < levels else team.reviews_an_hour for team in queues.teams]
        arrivals[name] = [ciw.dists.Exponential(rate) for rate in rates]
        services[name] = [visit_hours if kind < levels else review_hours] * nodes
        again = queues.fails if kind < levels else 0.0
        routing[name] = [[again if to == at else 0.0 for to in range(nodes)] for at in range(nodes)]
        priorities[name] = kind
    return ciw.create_network(
        arrival_distributions=arrivals,
        service_distributions=services,
        routing=routing,
        priority_classes=priorities,
        number_of_servers=[team.officers for team in queues.teams],
    )


def simulate(queues: Queues, seed: int) -> int:
    """Run the network; returns the pieces of work done."""
    ciw.seed(seed)
    simulation = ciw.Simulation(network(queues))
    simulation.simulate_until_max_time(queues.hours)
    return len(simulation.get_all_records())
