# Writes garch_r.csv from garch_input.csv.   Rscript tests/references/garch.R
# Made with R 4.2.2, fGarch 4022.89; the .csv is committed, R is not needed to test.
suppressMessages(library(fGarch))
here <- "tests/references"
y <- read.csv(file.path(here, "garch_input.csv"))$y
fit <- function(name, formula, ...) {
  f <- garchFit(formula, data = y, trace = FALSE, ...)
  data.frame(model = name, parameter = c(names(coef(f)), "loglikelihood"),
             value = sprintf("%.12g", c(coef(f), -f@fit$llh)))
}
# Mean squared residual before the first row, as fGarch starts its recursion.
out <- rbind(
  fit("garch", ~ garch(1, 1), cond.dist = "norm"),
  fit("garch_t", ~ garch(1, 1), cond.dist = "std")
)
write.csv(out, file.path(here, "garch_r.csv"), row.names = FALSE, quote = FALSE)
