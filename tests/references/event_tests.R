# Event statistics by an independent route: one lm() and predict() per event, loops, merges by date.
#   Rscript tests/references/event_tests.R <folder> <window> <gap> <first> <last>
# reads event_tests_input.csv (day, market, assets) and event_tests_events.csv (asset, day) in the
# folder and writes event_tests_r.csv. The committed one: tests/references 120 10 -2 3.
# Made with R 4.2.2, base only; R is not needed to test. Prints the seconds that computing took.
arguments <- commandArgs(trailingOnly = TRUE)
here <- arguments[1]
window <- as.integer(arguments[2]); gap <- as.integer(arguments[3])
offsets <- as.integer(arguments[4]):as.integer(arguments[5])
d <- read.csv(file.path(here, "event_tests_input.csv"))
events <- read.csv(file.path(here, "event_tests_events.csv"))
began <- proc.time()[["elapsed"]]
N <- nrow(events); W <- length(offsets)

# ---- each event: market model, prediction errors ------------------------------------------------
one <- lapply(seq_len(N), function(i) {
  at <- match(events$day[i], d$day)
  past <- (at - gap - window):(at - gap - 1)
  frame <- data.frame(day = d$day, y = d[[events$asset[i]]], x = d$market)
  estimation <- frame[past, ]
  future <- frame[at + offsets, ]
  fit <- lm(y ~ x, data = estimation, na.action = na.exclude)
  p <- predict(fit, newdata = future, se.fit = TRUE)
  ar <- future$y - p$fit
  s <- p$residual.scale
  Xe <- cbind(1, future$x)
  V <- s^2 * diag(W) + Xe %*% vcov(fit) %*% t(Xe)
  list(day = estimation$day, at = at, res = residuals(fit), s = s, df = fit$df.residual,
       ar = ar, se = sqrt(p$se.fit^2 + s^2), car = sum(ar), se_car = sqrt(sum(V)))
})
get <- function(name) sapply(one, `[[`, name)
AR <- t(get("ar")); SE <- t(get("se")); CAR <- get("car"); SECAR <- get("se_car")
RES <- t(get("res")); s <- get("s"); df <- get("df"); at <- get("at")
A <- cbind(AR, CAR); S <- cbind(AR / SE, CAR / SECAR)
rows <- list()
put <- function(name, values, labels = c(offsets, "window")) {
  rows[[length(rows) + 1]] <<- data.frame(name = name, day = labels, statistic = as.numeric(values))
}

# ---- parametric ---------------------------------------------------------------------------------
t_of <- function(v) mean(v) / (sd(v) / sqrt(length(v)))
put("cross-sectional t", apply(A, 2, t_of))
put("Patell", apply(S, 2, function(v) sum(v) / sqrt(sum(df / (df - 2)))))
bmp <- apply(S, 2, t_of)
put("BMP", bmp)

# residual correlations, merged by calendar day; zero unless event windows share days
C <- diag(N); overlap <- diag(N)
for (i in seq_len(N)) for (j in seq_len(N)) if (i != j) {
  overlap[i, j] <- length(intersect(at[i] + offsets, at[j] + offsets)) / W
  if (overlap[i, j] > 0) {
    both <- match(one[[i]]$day, one[[j]]$day)
    C[i, j] <- cor(one[[i]]$res, one[[j]]$res[both], use = "complete.obs")
  }
}
mean_pair <- function(m) mean(m[row(m) != col(m)])
r_day <- mean_pair(C * outer(at, at, "==")); r_window <- mean_pair(C * overlap)
r <- c(rep(r_day, W), r_window)
put("Kolari-Pynnonen", bmp * sqrt((1 - r) / (1 + (N - 1) * r)))

# ---- signs and ranks ----------------------------------------------------------------------------
p_hat <- mean(apply(RES, 1, function(v) mean(v[!is.na(v)] > 0)))
put("generalised sign", apply(A, 2, function(v) (sum(v > 0) - N * p_hat) / sqrt(N * p_hat * (1 - p_hat))))

K <- t(apply(cbind(RES, AR), 1, rank, na.last = "keep"))
U <- K / (1 + rowSums(!is.na(K)))
day_z <- apply(U, 2, function(u) sum(u - 0.5, na.rm = TRUE) / sqrt(sum(!is.na(u))))
z <- day_z[window + seq_len(W)] / sqrt(mean(day_z^2, na.rm = TRUE))
put("Corrado", c(z, sum(z) / sqrt(W)))

grank <- function(scaled) {
  g <- cbind(RES / s, scaled / sd(scaled))
  k <- t(apply(g, 1, rank, na.last = "keep"))
  u <- k / (1 + rowSums(!is.na(k))) - 0.5
  n_t <- colSums(!is.na(u))
  u_bar <- colSums(u, na.rm = TRUE) / n_t
  days <- length(u_bar)
  Z <- u_bar[days] / sqrt(mean(n_t / N * u_bar^2))
  own <- rowSums(!is.na(k))
  c(Z * sqrt((days - 2) / (days - 1 - Z^2)),
    u_bar[days] / sqrt(sum((own - 1) / (12 * (own + 1))) / N^2))
}
G <- apply(S, 2, grank)
put("GRANK-T", G[1, ])
put("GRANK-Z", G[2, ])

# ---- calendar-time portfolio --------------------------------------------------------------------
dates <- sort(unique(as.vector(outer(offsets, at, "+"))))
portfolio <- sapply(dates, function(day) {
  open <- which(day >= at + offsets[1] & day <= at + offsets[W])
  k <- day - at[open] - offsets[1] + 1
  se <- SE[cbind(open, k)]
  mean(AR[cbind(open, k)]) / (sqrt(sum(outer(se, se) * C[open, open])) / length(open))
})
put("calendar-time portfolio", t_of(portfolio), "window")

out <- do.call(rbind, rows)
cat(sprintf("%.6f\n", proc.time()[["elapsed"]] - began))
two_sided <- function(name, x) {
  freedom <- switch(name, "cross-sectional t" = , "BMP" = , "Kolari-Pynnonen" = N - 1,
                    "GRANK-T" = window - 1, "calendar-time portfolio" = length(dates) - 1, Inf)
  2 * pt(-abs(x), freedom)
}
out$p <- mapply(two_sided, out$name, out$statistic)
out[3:4] <- lapply(out[3:4], function(x) sprintf("%.17g", x))
write.csv(out, file.path(here, "event_tests_r.csv"), row.names = FALSE, quote = FALSE)
