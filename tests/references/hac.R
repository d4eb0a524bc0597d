# Writes hac_input.csv and hac_r.csv.   Rscript tests/references/hac.R
# Made with R 4.2.2 and sandwich; the .csv files are committed, R is not needed to test.
here <- "tests/references"
set.seed(20260205)
make <- function(n, case) {
  x1 <- as.numeric(arima.sim(list(ar = 0.3), n))
  x2 <- rnorm(n)
  data.frame(case = case, y = 0.2 + 0.7 * x1 - 0.4 * x2 +
               as.numeric(arima.sim(list(ar = 0.5), n)), x1 = x1, x2 = x2)
}
input <- rbind(make(40, "n=40"), make(250, "n=250"))
write.csv(format(input, digits = 17), file.path(here, "hac_input.csv"), row.names = FALSE, quote = FALSE)
input <- read.csv(file.path(here, "hac_input.csv"))

one <- function(case, lag) {
  fit <- lm(y ~ x1 + x2, data = input[input$case == case, ])
  V <- sandwich::NeweyWest(fit, lag = lag, prewhite = FALSE, adjust = TRUE)
  data.frame(case = case, lags = lag, row = rep(1:3, 3), col = rep(1:3, each = 3),
             value = sprintf("%.15g", as.numeric(V)))
}
rows <- do.call(rbind, Map(one, rep(c("n=40", "n=250"), each = 3), c(0, 3, 10, 0, 4, 20)))
write.csv(rows, file.path(here, "hac_r.csv"), row.names = FALSE, quote = FALSE)
