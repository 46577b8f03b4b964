import PayopsCore

/// One sampled login attempt.
struct Login: Sendable {
  var second: Int
  var customer: Int32
  var isSuccess: Bool
  /// Whether it comes from the customer's usual device and city.
  var isUsual: Bool
  /// Random bits for the address.
  var noise: UInt32
}

/// The logins of each hour.
struct LoginPlan: Sendable {
  /// Logins by hour, without the planted ones.
  let counts: [Int]
  /// Planted logins by position of the hour.
  let planned: [Int: [PlannedLogin]]
  private let seed: UInt64

  /// Spreads one login for every five payments over the period.
  init(parameters: SimulationParameters, demand: DemandPlan, typologies: [Typology]) {
    seed = parameters.seed
    counts = DemandPlan.share(
      parameters.transactions / 5, by: demand.counts.map { Double($0) })
    var planned: [Int: [PlannedLogin]] = [:]
    for login in typologies.flatMap(\.logins) {
      planned[login.second / 3600 - demand.firstHour, default: []].append(login)
    }
    self.planned = planned
  }

  /// Logins of an hour.
  func count(position: Int) -> Int { counts[position] + (planned[position]?.count ?? 0) }

  /// Draws the logins of an hour, in time order.
  func logins(position: Int, plan: SimulationPlan) -> [Login] {
    var random = SeededRandom(seed: seed, stream: "logins", number: position)
    let from = max(plan.startSecond, (plan.demand.firstHour + position) * 3600)
    let to = min(plan.endSecond, (plan.demand.firstHour + position + 1) * 3600)
    var logins: [Login] = []
    logins.reserveCapacity(count(position: position))
    while logins.count < counts[position] {
      let pool =
        random.below(100) < 6 && !plan.population.indian.isEmpty
        ? plan.population.indian : plan.population.european
      let account = pool.draw(random.next())
      let customer = plan.population.accountCustomer[account]
      var second = from + random.below(to - from)
      func add(_ isSuccess: Bool, _ isUsual: Bool) {
        guard logins.count < counts[position] else { return }
        logins.append(
          Login(
            second: min(second, to - 1), customer: customer, isSuccess: isSuccess,
            isUsual: isUsual, noise: UInt32(truncatingIfNeeded: random.next())))
      }
      if random.below(1000) < 955 {
        add(true, true)
      } else {
        let isUsual = random.below(100) < 85
        let failures = random.below(100) < 70 ? 1 : random.within(2...5)
        for _ in 0..<failures {
          add(false, isUsual)
          second += random.within(4...25)
        }
        if random.below(100) < 72 { add(true, isUsual) }
      }
    }
    for login in planned[position] ?? [] {
      logins.append(
        Login(
          second: login.second, customer: login.customer, isSuccess: login.isSuccess,
          isUsual: false, noise: UInt32(truncatingIfNeeded: login.customer) &* 2_654_435_761))
    }
    return logins.enumerated().sorted {
      ($0.element.second, $0.offset) < ($1.element.second, $1.offset)
    }.map(\.element)
  }
}
