/* The caseload benchmark by hand in C: the floor that this program is measured against.

   It holds the whole model and nothing else: the same random numbers, keyed by offender and decision (Philox 4x32-10, and the
   normal quantile by AS 241), today's caseload, arrivals and departures, the officers' days, the weekly count. It reads
   its parameters as numbers from standard input, in the order in which `benchmarks/floor.py` writes them, simulates the same
   replication several times, and prints the seconds of each, its peak memory in kilobytes, the work done, and the
   weekly counts. */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { LEVELS = 4, VISIT = 1, ENTRY_DATES = 10, STAY = 11, REGISTRATION = 12 };

typedef struct {
    uint32_t origin;
    int officers, offenders, by_name, first_officer;
} Team;

typedef struct {
    double visit_from, review_due; /* when a visit may begin: due less the lead, or barred until then */
    double visit_due, barred_until, weight, interval;
    double registered, leaves;
    uint32_t origin, serial, visits;
    int team, risk, officer, slot;
} Offender;

typedef struct {
    double visit_from, review_due;
    int row;
} Slot;

typedef struct {
    double toil_hours, ready_at; /* ready_at: nothing in the caseload needs anybody before */
    int held, room;
    Slot *caseload;
} Officer;

/* -- parameters ------------------------------------------------------------------------------------------------ */

static uint32_t seed, replication;
static int horizon_days, team_count;
static double shift_start, shift_hours, lead_days, retry_days, review_hours, review_days, first_visit, first_review;
static double announced_share, fails_unannounced, fails_announced, hours_mu, hours_sigma, joining_a_day, leaving_a_day;
static double risk_mix[LEVELS], interval_days[LEVELS], weights[LEVELS], review_weight;
static Team *teams;

static double number(void) {
    double value;
    if (scanf("%lf", &value) != 1) {
        fputs("a parameter is missing\n", stderr);
        exit(2);
    }
    return value;
}

static void read_parameters(void) {
    seed = (uint32_t)number();
    replication = (uint32_t)number();
    horizon_days = (int)number();
    shift_start = number(), shift_hours = number(), lead_days = number(), retry_days = number();
    review_hours = number(), review_days = number(), first_visit = number(), first_review = number();
    announced_share = number(), fails_unannounced = number(), fails_announced = number();
    hours_mu = number(), hours_sigma = number(), joining_a_day = number(), leaving_a_day = number();
    for (int level = 0; level < LEVELS; level++) risk_mix[level] = number();
    for (int level = 0; level < LEVELS; level++) interval_days[level] = number();
    for (int level = 0; level < LEVELS; level++) weights[level] = number();
    review_weight = number();
    team_count = (int)number();
    teams = calloc(team_count, sizeof(Team));
    for (int k = 0; k < team_count; k++) {
        teams[k].origin = (uint32_t)number();
        teams[k].officers = (int)number();
        teams[k].offenders = (int)number();
        teams[k].by_name = (int)number(); /* the team that comes k-th by name */
    }
}

/* -- random numbers -------------------------------------------------------------------------------------------- */

typedef struct {
    double of[4];
} Uniforms;

static inline Uniforms uniforms(uint32_t kind, uint32_t origin, uint32_t serial, uint32_t nth) {
    uint32_t a = serial, b = origin, c = nth, d = kind, k = seed, m = replication;
    for (int round = 0; round < 10; round++) {
        uint64_t first = (uint64_t)0xD2511F53 * a, second = (uint64_t)0xCD9E8D57 * c;
        a = (uint32_t)(second >> 32) ^ b ^ k;
        b = (uint32_t)second;
        c = (uint32_t)(first >> 32) ^ d ^ m;
        d = (uint32_t)first;
        k += 0x9E3779B9;
        m += 0xBB67AE85;
    }
    const double unit = 1.0 / 4294967296.0;
    return (Uniforms){{(a + 0.5) * unit, (b + 0.5) * unit, (c + 0.5) * unit, (d + 0.5) * unit}};
}

static inline double polynomial(const double *coefficients, double r) {
    double value = coefficients[7];
    for (int power = 6; power >= 0; power--) value = value * r + coefficients[power];
    return value;
}

/* Wichura's algorithm AS 241 (1988). */
static double normal_quantile(double u) {
    static const double near_top[8] = {3.387132872796366608, 133.14166789178437745, 1971.5909503065514427,
        13731.693765509461125, 45921.953931549871457, 67265.770927008700853, 33430.575583588128105,
        2509.0809287301226727};
    static const double near_bottom[8] = {1.0, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077,
        21213.794301586595867, 39307.89580009271061, 28729.085735721942674, 5226.495278852545925};
    static const double far_top[8] = {1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055,
        3.64784832476320460504, 1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833,
        7.7454501427834140764e-4};
    static const double far_bottom[8] = {1.0, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455,
        0.14810397642748007459, 0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9};
    static const double farther_top[8] = {6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358,
        0.29656057182850489123, 0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5,
        2.01033439929228813265e-7};
    static const double farther_bottom[8] = {1.0, 0.59983220655588793769, 0.13692988092273580531,
        0.0148753612908506148525, 7.868691311456132591e-4, 1.8463183175100546818e-5, 1.4215117583164458887e-7,
        2.04426310338993978564e-15};
    double q = u - 0.5;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        return q * polynomial(near_top, r) / polynomial(near_bottom, r);
    }
    double r = sqrt(-log(q < 0 ? u : 1.0 - u));
    double size = r <= 5.0 ? polynomial(far_top, r - 1.6) / polynomial(far_bottom, r - 1.6)
                           : polynomial(farther_top, r - 5.0) / polynomial(farther_bottom, r - 5.0);
    return q < 0 ? -size : size;
}

/* -- the register ---------------------------------------------------------------------------------------------- */

static Offender *offenders;
static Officer *officers;
static int offender_count, officer_count, today_count, leaver_count, *leavers;
static long tasks;

static inline double earlier(double a, double b) { return a < b ? a : b; }
static inline double later(double a, double b) { return a > b ? a : b; }

static double leaving_time(const Offender *offender) {
    double begins = later(offender->registered, 0.0);
    double exposure = -log(uniforms(STAY, offender->origin, offender->serial, 0).of[2]);
    return leaving_a_day > 0 ? (begins * leaving_a_day + exposure) / leaving_a_day : INFINITY;
}

static inline void allocate(int row, int officer_row) {
    Officer *officer = &officers[officer_row];
    Offender *offender = &offenders[row];
    if (officer->held == officer->room) {
        officer->room = officer->room ? 2 * officer->room : 64;
        officer->caseload = realloc(officer->caseload, officer->room * sizeof(Slot));
    }
    offender->officer = officer_row;
    offender->slot = officer->held;
    officer->caseload[officer->held++] = (Slot){offender->visit_from, offender->review_due, row};
    officer->ready_at = earlier(officer->ready_at, earlier(offender->visit_from, offender->review_due));
}

/* Today's caseload of a team: each level has its share (Sainte-Lague), and each officer a fair part of each level. */
static void lay_out_team(int team_row, int first) {
    Team *team = &teams[team_row];
    int size = team->offenders, ranks[LEVELS] = {0};
    int *risk = malloc(size * sizeof(int)), *turn = malloc(size * sizeof(int));
    int *begins = calloc(team->officers + 1, sizeof(int));
    for (int k = 0; k < size; k++) {
        int level = -1;
        double lowest = INFINITY;
        for (int candidate = 0; candidate < LEVELS; candidate++) {
            double place = (ranks[candidate] + 0.5) / risk_mix[candidate];
            if (risk_mix[candidate] > 0 && place < lowest) lowest = place, level = candidate;
        }
        risk[k] = level;
        turn[k] = (ranks[level]++ + level * team->officers / LEVELS) % team->officers;
        begins[turn[k] + 1]++;
    }
    for (int k = 0; k < team->officers; k++) begins[k + 1] += begins[k];
    for (int k = 0; k < size; k++) {
        Offender *offender = &offenders[first + begins[turn[k]]++];
        *offender = (Offender){.origin = team->origin, .serial = k, .team = team_row, .risk = risk[k]};
        offender->registered = -1.0;
        offender->interval = interval_days[risk[k]];
        Uniforms phase = uniforms(ENTRY_DATES, offender->origin, offender->serial, 0);
        offender->visit_due = floor(phase.of[0] * offender->interval);
        offender->review_due = floor(phase.of[1] * review_days);
        offender->officer = team->first_officer + turn[k];
    }
    free(risk), free(turn), free(begins);
}

static int by_leaving(const void *left, const void *right) {
    int a = *(const int *)left, b = *(const int *)right;
    double first = offenders[a].leaves, second = offenders[b].leaves;
    return first < second ? -1 : first > second ? 1 : a - b;
}

static int share_of(double uniform, int shares, double (*size)(int)) {
    double bound = 0.0;
    for (int k = 0; k < shares - 1; k++) {
        bound += size(k);
        if (uniform < bound) return k;
    }
    return shares - 1;
}

static int people;
static double team_share(int k) { return (double)teams[teams[k].by_name].offenders / people; }
static double risk_share(int k) { return risk_mix[k]; }

static void lay_out(void) {
    double expected = joining_a_day * horizon_days;
    int most = (int)(expected + 12 * sqrt(expected) + 20);
    officer_count = people = 0;
    for (int k = 0; k < team_count; k++) {
        teams[k].first_officer = officer_count;
        officer_count += teams[k].officers;
        people += teams[k].offenders;
    }
    officers = calloc(officer_count, sizeof(Officer));
    for (int k = 0; k < officer_count; k++) officers[k].ready_at = INFINITY;
    offenders = malloc((people + most) * sizeof(Offender));
    offender_count = 0;
    for (int k = 0; k < team_count; k++) {
        lay_out_team(k, offender_count);
        offender_count += teams[k].offenders;
    }
    today_count = offender_count;
    double exposure = 0.0;
    for (int serial = 0; serial < most; serial++) {
        Uniforms drawn = uniforms(REGISTRATION, 0, serial, 0);
        exposure += -log(drawn.of[0]);
        double time = exposure / joining_a_day;
        if (!(time < horizon_days)) break;
        Offender *offender = &offenders[offender_count++];
        *offender = (Offender){.serial = serial, .registered = floor(time), .officer = -1};
        offender->team = teams[share_of(drawn.of[1], team_count, team_share)].by_name;
        offender->risk = share_of(drawn.of[2], LEVELS, risk_share);
        offender->interval = interval_days[offender->risk];
        offender->visit_due = offender->registered + first_visit;
        offender->review_due = offender->registered + first_review;
    }
    leavers = malloc(offender_count * sizeof(int));
    leaver_count = 0;
    for (int row = 0; row < offender_count; row++) {
        Offender *offender = &offenders[row];
        offender->weight = weights[offender->risk];
        offender->barred_until = -1.0;
        offender->visit_from = offender->visit_due - lead_days;
        offender->leaves = leaving_time(offender);
        if (offender->leaves < horizon_days) leavers[leaver_count++] = row;
        if (row < today_count) allocate(row, offender->officer);
    }
    qsort(leavers, leaver_count, sizeof(int), by_leaving);
}

/* -- days ------------------------------------------------------------------------------------------------------ */

static int next_leaver, next_newcomer;

/* Departures first, then arrivals into the smallest caseload of the team. */
static void midnight(int day) {
    while (next_leaver < leaver_count && offenders[leavers[next_leaver]].leaves <= day) {
        Offender *leaver = &offenders[leavers[next_leaver++]];
        if (leaver->officer < 0) continue;
        Officer *officer = &officers[leaver->officer];
        Slot last = officer->caseload[--officer->held];
        officer->caseload[leaver->slot] = last;
        offenders[last.row].slot = leaver->slot;
        leaver->officer = -1;
    }
    while (next_newcomer < offender_count && offenders[next_newcomer].registered <= day) {
        Team *team = &teams[offenders[next_newcomer].team];
        int smallest = team->first_officer;
        for (int k = 1; k < team->officers; k++)
            if (officers[team->first_officer + k].held < officers[smallest].held) smallest = team->first_officer + k;
        allocate(next_newcomer++, smallest);
    }
}

static int overdue(int day) {
    int found = 0;
    for (int row = 0; row < next_newcomer; row++)
        found += offenders[row].officer >= 0 && offenders[row].visit_due + 1 <= day;
    return found;
}

/* The most urgent work of a caseload, or -1; a tie goes to the lower offender, visit before review. */
static int most_urgent(Officer *officer, double now, int *is_visit) {
    double best = -1.0, ready_at = INFINITY;
    int chosen = -1;
    for (int slot = 0; slot < officer->held; slot++) {
        const Slot *waiting = &officer->caseload[slot];
        double first = earlier(waiting->visit_from, waiting->review_due);
        ready_at = earlier(ready_at, first);
        if (first > now) continue;
        int row = waiting->row;
        const Offender *offender = &offenders[row];
        if (offender->visit_from <= now) {
            double priority = offender->weight * (now - offender->visit_due + lead_days);
            if (priority > best || (priority == best && row < chosen)) best = priority, chosen = row, *is_visit = 1;
        }
        if (offender->review_due <= now) {
            double priority = review_weight * (now - offender->review_due + 1);
            if (priority > best || (priority == best && row < chosen)) best = priority, chosen = row, *is_visit = 0;
        }
    }
    officer->ready_at = ready_at;
    return chosen;
}

static inline double visit(Offender *offender, double now) {
    Uniforms drawn = uniforms(VISIT, offender->origin, offender->serial, offender->visits++);
    int announced = drawn.of[0] < announced_share;
    now += exp(hours_mu + hours_sigma * normal_quantile(drawn.of[3])) / 24;
    double date = floor(now);
    if (drawn.of[1] >= (announced ? fails_announced : fails_unannounced))
        offender->visit_due = date + offender->interval;
    else
        offender->barred_until = date + retry_days;
    offender->visit_from = later(offender->visit_due - lead_days, offender->barred_until);
    return now;
}

static void work_day(Officer *officer, int day) {
    if (officer->toil_hours >= shift_hours) {
        officer->toil_hours -= shift_hours;
        return;
    }
    double now = day + shift_start + officer->toil_hours / 24, end = day + shift_start + shift_hours / 24;
    officer->toil_hours = 0.0;
    while (now < end && officer->ready_at <= now) {
        int is_visit, row = most_urgent(officer, now, &is_visit);
        if (row < 0) break;
        Offender *offender = &offenders[row];
        if (is_visit) {
            now = visit(offender, now);
        } else {
            now += review_hours / 24;
            offender->review_due = floor(now) + review_days;
        }
        officer->caseload[offender->slot].visit_from = offender->visit_from;
        officer->caseload[offender->slot].review_due = offender->review_due;
        tasks++;
    }
    if (now > end) officer->toil_hours = (now - end) * 24;
}

static int simulate(int *weekly) {
    int weeks = 0;
    tasks = 0;
    lay_out();
    next_leaver = 0;
    next_newcomer = today_count;
    for (int day = 0; day < horizon_days; day++) {
        midnight(day);
        if (day % 7 == 0) weekly[weeks++] = overdue(day);
        if (day % 7 < 5)
            for (int row = 0; row < officer_count; row++) work_day(&officers[row], day);
    }
    for (int row = 0; row < officer_count; row++) free(officers[row].caseload);
    free(officers), free(offenders), free(leavers);
    return weeks;
}

/* -- measuring ------------------------------------------------------------------------------------------------- */

/* Processor time, as of the other engines. */
static double clock_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec + 1e-9 * now.tv_nsec;
}

/* Of this program alone: what `getrusage` reports may be that of the process that started it. */
static long peak_kilobytes(void) {
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    long peak = -1;
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &peak) == 1) break;
    if (status) fclose(status);
    if (peak >= 0) return peak;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
    return usage.ru_maxrss / 1024;
#else
    return usage.ru_maxrss;
#endif
}

int main(int count, char **arguments) {
    int times = count > 1 ? atoi(arguments[1]) : 1, weeks = 0;
    read_parameters();
    int *weekly = malloc((horizon_days / 7 + 1) * sizeof(int));
    for (int k = 0; k < times; k++) {
        double begin = clock_seconds();
        weeks = simulate(weekly);
        printf("%.9f ", clock_seconds() - begin);
    }
    printf("\n%ld\n%ld\n", peak_kilobytes(), tasks);
    for (int k = 0; k < weeks; k++) printf("%d ", weekly[k]);
    printf("\n");
    return 0;
}
