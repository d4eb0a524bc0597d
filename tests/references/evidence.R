# Writes evidence_r.csv: JZS Bayes factors of a one-sample t test, and BIC of nested regressions.
#   Rscript tests/references/evidence.R    R 4.2.2, BayesFactor 0.9.12-4.4. The tests do not need R.
suppressMessages(library(BayesFactor))
rows <- NULL
for (n in c(30, 100, 400)) for (t in c(0.5, 2, 3, 5)) {
  log_bf <- ttest.tstat(t = t, n1 = n, rscale = 1)[["bf"]]
  rows <- rbind(rows, data.frame(what = "jzs", n = n, t = t, log_bf = log_bf))
}
i <- 1:60
x <- sin(i); z <- cos(2.1 * i); y <- 0.3 * x + sin(7.3 * i * i)
small <- lm(y ~ z); large <- lm(y ~ z + x)
rows <- rbind(rows, data.frame(what = "bic", n = 60, t = coef(summary(large))["x", "t value"],
                               log_bf = (BIC(small) - BIC(large)) / 2))
rows$log_bf <- sprintf("%.15g", rows$log_bf); rows$t <- sprintf("%.15g", rows$t)
write.csv(rows, file.path("tests", "references", "evidence_r.csv"), row.names = FALSE, quote = FALSE)
