# Writes power_r.csv.   Rscript tests/references/power.R
# Made with R 4.2.2 (base only); the .csv is committed, R is not needed to test.
# Power of t tests of a mean by power.t.test, and of two one-sided tests by integrating over the
# estimated standard deviation. sd is 1, so the standard error is 1 / sqrt(n).
here <- file.path("tests", "references")
rows <- NULL
put <- function(test, n, level, effect, edge, power) {
  rows <<- rbind(rows, data.frame(test = test, n = n, level = level, effect = effect, edge = edge,
                                  power = sprintf("%.15g", power)))
}
for (n in c(5, 20, 100)) for (level in c(0.025, 0.05)) for (effect in c(0.1, 0.5, 1)) {
  one <- power.t.test(n = n, delta = effect, sd = 1, sig.level = level, type = "one.sample",
                      alternative = "one.sided")
  two <- power.t.test(n = n, delta = effect, sd = 1, sig.level = 2 * level, type = "one.sample",
                      alternative = "two.sided", strict = TRUE)
  put("above", n, level, effect, 0, one$power)
  put("two-sided", n, level, effect, 0, two$power)
}
tost <- function(n, level, effect, edge) {
  df <- n - 1; critical <- qt(1 - level, df); root <- sqrt(n)
  given <- function(v) {  # v: df times the estimated over the true variance, chi-square
    s <- sqrt(v / df) * critical
    inside <- pnorm((edge - effect) * root - s) - pnorm((-edge - effect) * root + s)
    pmax(inside, 0) * dchisq(v, df)
  }
  integrate(given, 0, df * (edge * root / critical)^2, rel.tol = 1e-11, subdivisions = 1000L)$value
}
for (n in c(5, 20, 100)) for (level in c(0.025, 0.05)) for (effect in c(0, 0.3, 0.5))
  put("inside", n, level, effect, 0.5, tost(n, level, effect, 0.5))
write.csv(rows, file.path(here, "power_r.csv"), row.names = FALSE, quote = FALSE)
