# Writes beta_shift_r.csv from hac_input.csv.   Rscript tests/references/beta_shift.R
# Made with R 4.2.2 and sandwich; the .csv is committed, R is not needed to test.
here <- "tests/references"
input <- read.csv(file.path(here, "hac_input.csv"))
d <- input[trimws(input$case) == "n=250", ]

one <- function(rows, window) {
  fit <- lm(y ~ x1 + x2, data = d[rows, ])
  lag <- floor(4 * (length(rows) / 100)^(2 / 9))
  # Left-out residuals enter as the residuals of the estimating functions.
  h <- hatvalues(fit)
  psi <- model.matrix(fit) * (residuals(fit) / (1 - h))
  n <- length(rows)
  S <- crossprod(psi)
  for (j in seq_len(lag)) {
    G <- crossprod(psi[(j + 1):n, ], psi[1:(n - j), ])
    S <- S + (1 - j / (lag + 1)) * (G + t(G))
  }
  B <- solve(crossprod(model.matrix(fit)))
  V <- (n - 1) / n * B %*% S %*% B
  b <- (lag + 1) / n
  data.frame(window = window, beta = sprintf("%.15g", coef(fit)[["x1"]]),
             std_error = sprintf("%.15g", sqrt(V[2, 2] / (1 - b + b^2 / 3))),
             df = sprintf("%.15g", min(n - 3, 1.5 / b)))
}
rows <- rbind(one(1:200, "earlier"), one(220:235, "recent"))
write.csv(rows, file.path(here, "beta_shift_r.csv"), row.names = FALSE, quote = FALSE)
