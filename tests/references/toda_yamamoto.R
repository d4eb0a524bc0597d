# Writes toda_yamamoto_r.csv.   Rscript tests/references/toda_yamamoto.R
# Made with R 4.2.2, lmtest and sandwich. Lags 1-4 of both series in the regression, 1-3 tested.
here <- "tests/references"
d <- read.csv(file.path(here, "chickegg.csv"))
lag_by <- function(v, i) c(rep(NA, i), head(v, -i))
one <- function(x, y, covariance) {
  lags <- function(name) sapply(1:4, function(i) lag_by(d[[name]], i))
  X <- lags(x); Y <- lags(y)
  colnames(X) <- paste0("x", 1:4); colnames(Y) <- paste0("y", 1:4)
  rows <- na.omit(data.frame(outcome = d[[y]], X, Y))
  full <- lm(outcome ~ ., rows)
  rest <- lm(outcome ~ x4 + y1 + y2 + y3 + y4, rows)
  vcov <- if (covariance == "hc3") function(fit) sandwich::vcovHC(fit, type = "HC3") else NULL
  test <- lmtest::waldtest(full, rest, vcov = vcov)
  data.frame(direction = paste0(x, "_to_", y), covariance = covariance,
             f = sprintf("%.15g", test$F[2]), p = sprintf("%.15g", test$`Pr(>F)`[2]))
}
rows <- rbind(one("egg", "chicken", "classic"), one("egg", "chicken", "hc3"),
              one("chicken", "egg", "classic"), one("chicken", "egg", "hc3"))
write.csv(rows, file.path(here, "toda_yamamoto_r.csv"), row.names = FALSE, quote = FALSE)
