#include "credctl/base/time.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct moment {
    int64_t year;
    int month;
    int day;
    int hour;
    int minute;
    int second;
};

/* Days since 1970-01-01 of the proleptic Gregorian calendar (Howard Hinnant's civil algorithms). */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = ((int64_t)153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* The range of years with four digits. */
#define EARLIEST (-62167219200) /* 0000-01-01T00:00:00Z */
#define LATEST   253402300799   /* 9999-12-31T23:59:59Z */

static struct moment split(int64_t seconds)
{
    seconds = seconds < EARLIEST ? EARLIEST : seconds;
    seconds = seconds > LATEST ? LATEST : seconds;
    int64_t days = seconds / 86400 - (seconds % 86400 < 0);
    int64_t rest = seconds - days * 86400;
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);

    return (struct moment){
        .year = yoe + era * 400 + (month <= 2),
        .month = month,
        .day = (int)(doy - (153 * mp + 2) / 5 + 1),
        .hour = (int)(rest / 3600),
        .minute = (int)(rest / 60 % 60),
        .second = (int)(rest % 60),
    };
}

static bool digits(const char **at, int count, int *number)
{
    *number = 0;
    for (int i = 0; i < count; i++, (*at)++) {
        if (!isdigit((unsigned char)**at)) {
            return false;
        }
        *number = *number * 10 + (**at - '0');
    }
    return true;
}

static bool literal(const char **at, const char *accepted)
{
    if (!**at || !strchr(accepted, **at)) {
        return false;
    }
    (*at)++;
    return true;
}

static bool sensible(const struct moment *m)
{
    static const int longest[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = m->year % 4 == 0 && (m->year % 100 != 0 || m->year % 400 == 0);

    return m->month >= 1 && m->month <= 12 && m->day >= 1 && m->day <= longest[m->month - 1] &&
           (m->month != 2 || m->day <= 28 || leap) && m->hour <= 23 && m->minute <= 59 &&
           m->second <= 60;
}

static int64_t join(const struct moment *m)
{
    return days_from_civil(m->year, m->month, m->day) * 86400 + (int64_t)m->hour * 3600 +
           (int64_t)m->minute * 60 + m->second;
}

/* The rest of an ISO time after the seconds: a fraction, then a zone. */
static bool zone(const char *at, int64_t *offset)
{
    int hours = 0;
    int minutes = 0;

    if (*at == '.' || *at == ',') {
        size_t fraction = strspn(at + 1, "0123456789");

        if (fraction == 0) {
            return false;
        }
        at += 1 + fraction;
    }
    *offset = 0;
    if (*at == '\0' || strcasecmp(at, "z") == 0 || strcasecmp(at, "utc") == 0) {
        return true;
    }
    int sign = *at == '-' ? -1 : 1;
    if (!literal(&at, "+-") || !digits(&at, 2, &hours)) {
        return false;
    }
    if ((literal(&at, ":") || *at) && !digits(&at, 2, &minutes)) {
        return false;
    }
    *offset = (int64_t)sign * (hours * 60 + minutes) * 60;
    return *at == '\0' && hours < 24 && minutes < 60;
}

bool cc_time_from_iso(const char *text, int64_t *seconds)
{
    struct moment m = {0};
    int64_t offset = 0;
    int year = 0;
    const char *at = text;

    if (!text || !digits(&at, 4, &year) || !literal(&at, "-") || !digits(&at, 2, &m.month) ||
        !literal(&at, "-") || !digits(&at, 2, &m.day) || !literal(&at, "Tt ") ||
        !digits(&at, 2, &m.hour) || !literal(&at, ":") || !digits(&at, 2, &m.minute) ||
        !literal(&at, ":") || !digits(&at, 2, &m.second) || !zone(at, &offset)) {
        return false;
    }
    m.year = year;
    if (!sensible(&m)) {
        return false;
    }
    *seconds = join(&m) - offset;
    return true;
}

bool cc_time_from_http(const char *text, int64_t *seconds)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct moment m = {0};
    int year = 0;
    char month[4] = "";
    const char *at = text ? strchr(text, ',') : NULL;

    if (!at || at[1] != ' ') {
        return false;
    }
    at += 2;
    if (!digits(&at, 2, &m.day) || !literal(&at, " ") || strlen(at) < 3) {
        return false;
    }
    memcpy(month, at, 3);
    const char *found = strstr(months, month);
    at += 3;
    if (!found || (found - months) % 3 != 0 || !literal(&at, " ") || !digits(&at, 4, &year) ||
        !literal(&at, " ") || !digits(&at, 2, &m.hour) || !literal(&at, ":") ||
        !digits(&at, 2, &m.minute) || !literal(&at, ":") || !digits(&at, 2, &m.second) ||
        strcmp(at, " GMT") != 0) {
        return false;
    }
    m.year = year;
    m.month = (int)((found - months) / 3) + 1;
    if (!sensible(&m)) {
        return false;
    }
    *seconds = join(&m);
    return true;
}

const char *cc_time_iso(struct cc_arena *mem, int64_t seconds)
{
    struct moment m = split(seconds);

    return cc_textf(mem, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)m.year, m.month, m.day, m.hour,
                    m.minute, m.second);
}

const char *cc_time_compact(struct cc_arena *mem, int64_t seconds)
{
    struct moment m = split(seconds);

    return cc_textf(mem, "%04d%02d%02dT%02d%02d%02dZ", (int)m.year, m.month, m.day, m.hour,
                    m.minute, m.second);
}

const char *cc_time_span(struct cc_arena *mem, int64_t seconds)
{
    int64_t minutes = seconds / 60;

    if (seconds < 120) {
        return cc_textf(mem, "%lld s", (long long)seconds);
    }
    if (minutes < 60) {
        return cc_textf(mem, "%d min", (int)minutes);
    }
    if (minutes < (int64_t)48 * 60) {
        return cc_textf(mem, "%d h %d min", (int)(minutes / 60), (int)(minutes % 60));
    }
    return cc_textf(mem, "%lld days", (long long)(minutes / 1440));
}
