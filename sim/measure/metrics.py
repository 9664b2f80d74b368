"""Every metric, in the order in which pages and tables show them."""

from sim.measure.backlog import BACKLOG
from sim.measure.caseload import CASELOAD
from sim.measure.crime import CRIME
from sim.measure.force import FORCE
from sim.measure.metric import Metric
from sim.measure.online_abuse import ONLINE_ABUSE

METRICS: dict[str, Metric] = {**BACKLOG, **CASELOAD, **FORCE, **ONLINE_ABUSE, **CRIME}
