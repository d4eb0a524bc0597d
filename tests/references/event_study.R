# Writes event_study_r.csv from event_study_input.csv.   Rscript tests/references/event_study.R
# Made with R 4.2.2 (base only); the .csv is committed, R is not needed to test.
here <- "tests/references"
d <- read.csv(file.path(here, "event_study_input.csv"))
estimation <- d[1:150, ]
event <- d[161:165, ]
fit <- lm(y ~ market + gold, data = estimation)
p <- predict(fit, newdata = event, se.fit = TRUE)
daily <- event$y - p$fit
X <- model.matrix(fit)
Xe <- model.matrix(~ market + gold, data = event)
V <- p$residual.scale^2 * (diag(5) + Xe %*% solve(crossprod(X)) %*% t(Xe))
out <- data.frame(
  daily = daily,
  daily_std_error = sqrt(p$se.fit^2 + p$residual.scale^2),
  cumulative = cumsum(daily),
  cumulative_std_error = sapply(1:5, function(j) sqrt(sum(V[1:j, 1:j])))
)
out[] <- lapply(out, function(x) sprintf("%.15g", x))
write.csv(out, file.path(here, "event_study_r.csv"), row.names = FALSE, quote = FALSE)
