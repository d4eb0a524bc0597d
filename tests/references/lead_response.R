# Writes chickegg.csv and lead_response_r.csv.   Rscript tests/references/lead_response.R
# Made with R 4.2.2, lmtest and sandwich; the .csv files are committed, R is not needed to test.
# Data: Thurman and Fisher (1988), chickens and eggs in the United States, 1930-1983.
here <- "tests/references"
data(ChickEgg, package = "lmtest")
d <- data.frame(year = as.integer(time(ChickEgg)), unclass(ChickEgg)[, c("chicken", "egg")])
write.csv(d, file.path(here, "chickegg.csv"), row.names = FALSE, quote = FALSE)

covariances <- list(
  classic = NULL,
  hc3 = function(fit) sandwich::vcovHC(fit, type = "HC3"),
  nw3 = function(fit) sandwich::NeweyWest(fit, lag = 3, prewhite = FALSE, adjust = FALSE),
  nw3_adjusted = function(fit) sandwich::NeweyWest(fit, lag = 3, prewhite = FALSE, adjust = TRUE)
)
one <- function(direction, formula, name) {
  test <- lmtest::grangertest(formula, order = 3, data = d, vcov = covariances[[name]])
  data.frame(direction = direction, covariance = name, df = test$Res.Df[1],
             f = sprintf("%.15g", test$F[2]), p = sprintf("%.15g", test$`Pr(>F)`[2]))
}
rows <- do.call(rbind, lapply(names(covariances), function(name) rbind(
  one("egg_to_chicken", chicken ~ egg, name), one("chicken_to_egg", egg ~ chicken, name))))
write.csv(rows, file.path(here, "lead_response_r.csv"), row.names = FALSE, quote = FALSE)
