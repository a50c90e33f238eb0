# Survival of random data sets as R's package survival has it: the reference that
# tests/model/cohort/test_kaplan_meier.py reads. Made anew, and compared with what is kept, by
# `make check-survival`.
#
# A line a data set: times | events | groups | survival | lower | upper | at risk |
# median, lower, upper | chi-square of the log-rank test between the two groups.
suppressPackageStartupMessages(library(survival))
options(digits = 17)
set.seed(20261122)

written <- function(values) paste(
    ifelse(is.na(values), "", format(values, digits = 17, trim = TRUE, scientific = FALSE)),
    collapse = " ")
cells <- function(values) paste(sapply(values, written), collapse = ",")

one <- function(number) {
    n <- c(1, 2, 3, sample(4:24, 1))[1 + min(3, number %% 20)]
    time <- switch(1 + number %% 4,
        sample(0:6, n, replace = TRUE),       # many ties, events at time 0
        sample(0:400, n, replace = TRUE),
        round(rexp(n, 1 / 18), 3),
        sample(1:12, n, replace = TRUE))
    event <- switch(1 + number %% 5,
        rbinom(n, 1, 0.5),
        rbinom(n, 1, 0.8),
        rep(0, n),                            # all censored
        rep(1, n),
        rbinom(n, 1, 0.25))
    group <- rbinom(n, 1, 0.5)
    fit <- survfit(Surv(time, event) ~ 1, conf.type = "log-log")
    of <- summary(fit)$table
    rank <- if (length(unique(group)) == 2 && sum(event) > 0)
        tryCatch(survdiff(Surv(time, event) ~ group)$chisq, error = function(e) NA) else NA
    paste(cells(time), cells(event), cells(group), cells(fit$surv), cells(fit$lower),
        cells(fit$upper), cells(fit$n.risk), cells(of[c("median", "0.95LCL", "0.95UCL")]),
        cells(rank), sep = "|")
}

writeLines(sapply(seq_len(1000), one))
