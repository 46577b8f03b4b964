import PayopsCore

/// Draws the planted typologies of a run.
struct TypologyPlanner {
  private var random: SeededRandom
  private var accounts: [Int32]
  private var dormant: [Int32]
  private let accountCustomer: [Int32]
  private let firstSecond: Int
  private let lastSecond: Int
  private let lastStart: Int

  /// Prepares the draw.
  init(parameters: SimulationParameters, population: Population, startSecond: Int, endSecond: Int) {
    random = SeededRandom(seed: parameters.seed, stream: "typologies")
    accountCustomer = population.accountCustomer
    let euro = (0..<population.accountCount).filter { population.accountCurrency[$0] == .eur }
    accounts = euro.filter { population.accountStatus[$0] == 0 && population.accountType[$0] != 1 }
      .map { Int32($0) }
    dormant = euro.filter { population.accountStatus[$0] == Population.dormantStatus }
      .map { Int32($0) }
    firstSecond = startSecond + (endSecond - startSecond) / 4
    lastSecond = endSecond - 3600
    lastStart = endSecond - 9 * 86_400
  }

  /// Draws the typologies; at most a fifth of the payments is planted.
  mutating func plan(parameters: SimulationParameters) -> [Typology] {
    var planned: [Typology] = []
    var room = parameters.transactions / 5
    for kind in TypologyKind.allCases {
      for _ in 0..<parameters.count(of: kind) {
        guard accounts.count > 64 else { return planned }
        let typology = draw(kind)
        guard !typology.payments.isEmpty, typology.payments.count <= room,
          typology.payments.allSatisfy({ $0.second < lastSecond })
        else { continue }
        room -= typology.payments.count
        planned.append(typology)
      }
    }
    return planned.sorted { ($0.startSecond, $0.account) < ($1.startSecond, $1.account) }
  }

  private mutating func draw(_ kind: TypologyKind) -> Typology {
    switch kind {
    case .structuring: structuring()
    case .fanIn: fanIn()
    case .fanOut: fanOut()
    case .cycle: cycle()
    case .scatterGather: scatterGather()
    case .rapidInOut: rapidInOut()
    case .dormantReactivation: dormantReactivation()
    case .mule: mule()
    case .accountTakeover: accountTakeover()
    }
  }

  /// Five to nine cash deposits of 8,000 to 9,950 within 40 hours, reporting threshold 10,000.
  private mutating func structuring() -> Typology {
    let account = take()
    let start = start()
    var typology = Typology(kind: .structuring, account: account)
    for second in moments(random.within(5...9), from: start, within: 40 * 3600) {
      typology.payments.append(
        PlannedPayment(
          second: second, account: account, cents: euros(8000...9950), type: .cashDeposit,
          channel: .branch))
    }
    return typology
  }

  /// 22 to 30 senders to one account within 20 hours.
  private mutating func fanIn() -> Typology {
    let account = take()
    let start = start()
    var typology = Typology(kind: .fanIn, account: account)
    for second in moments(random.within(22...30), from: start, within: 20 * 3600) {
      move(euros(280...950), from: take(), to: account, at: second, in: &typology)
    }
    return typology
  }

  /// One account to 22 to 30 receivers within 7 hours.
  private mutating func fanOut() -> Typology {
    let account = take()
    let start = start()
    var typology = Typology(kind: .fanOut, account: account)
    for second in moments(random.within(22...30), from: start, within: 7 * 3600) {
      move(euros(280...950), from: account, to: take(), at: second, in: &typology)
    }
    return typology
  }

  /// Three to six hops back to the first account, each a little less than the one before.
  private mutating func cycle() -> Typology {
    let accounts = (0..<random.within(3...6)).map { _ in take() }
    var second = start()
    var cents = euros(4000...18_000)
    var typology = Typology(kind: .cycle, account: accounts[0])
    for hop in accounts.indices {
      let next = accounts[(hop + 1) % accounts.count]
      move(cents, from: accounts[hop], to: next, at: second, in: &typology)
      second += random.within(2 * 3600...14 * 3600)
      cents -= cents * random.within(3...14) / 1000
    }
    return typology
  }

  /// One account to six to ten others, and from those to one.
  private mutating func scatterGather() -> Typology {
    let source = take()
    let target = take()
    let start = start()
    var typology = Typology(kind: .scatterGather, account: source)
    for second in moments(random.within(6...10), from: start, within: 24 * 3600) {
      let between = take()
      let cents = euros(1800...4800)
      move(cents, from: source, to: between, at: second, in: &typology)
      move(
        cents - cents * random.within(10...40) / 1000, from: between, to: target,
        at: second + random.within(20 * 3600...70 * 3600), in: &typology)
    }
    return typology
  }

  /// A large receipt of which 85 to 98 percent leaves within a day.
  private mutating func rapidInOut() -> Typology {
    let account = take()
    let start = start()
    let cents = euros(12_000...42_000)
    var typology = Typology(kind: .rapidInOut, account: account)
    typology.payments.append(external(.deposit, cents, account, at: start, channel: .api))
    let parts = random.within(2...4)
    let leaving = cents / 1000 * random.within(850...980)
    for second in moments(parts, from: start + 1800, within: 20 * 3600) {
      typology.payments.append(
        external(.instantTransfer, leaving / parts, account, at: second, channel: .onlineBanking))
    }
    return typology
  }

  /// An account idle for the whole period that receives and pays out large amounts.
  private mutating func dormantReactivation() -> Typology {
    guard !dormant.isEmpty else { return Typology(kind: .dormantReactivation, account: 0) }
    let account = dormant.remove(at: random.below(dormant.count))
    // As late as possible: the account has to have been idle.
    let start = max(firstSecond, lastStart + random.below(5 * 86_400))
    var typology = Typology(kind: .dormantReactivation, account: account)
    let parts = random.within(3...6)
    let cents = (0..<parts).map { _ in euros(5100...9800) }
    typology.payments.append(
      external(.deposit, cents.reduce(0, +) + euros(100...900), account, at: start, channel: .api))
    for (number, second) in moments(parts, from: start + 3600, within: 40 * 3600).enumerated() {
      typology.payments.append(
        external(.transfer, cents[number], account, at: second, channel: .onlineBanking))
    }
    return typology
  }

  /// Receipts from strangers, 90 to 95 percent of each passed on to one account within 3 hours.
  private mutating func mule() -> Typology {
    let account = take()
    let handler = Int32(random.below(Population.externalCount))
    var second = start()
    var typology = Typology(kind: .mule, account: account)
    for _ in 0..<random.within(4...6) {
      let cents = euros(900...3900)
      typology.payments.append(external(.deposit, cents, account, at: second, channel: .api))
      typology.payments.append(
        PlannedPayment(
          second: second + random.within(900...3 * 3600), account: account,
          cents: cents / 1000 * random.within(900...950), type: .instantTransfer,
          channel: .mobileApp, counterpartyExternal: handler))
      second += random.within(4 * 3600...22 * 3600)
    }
    return typology
  }

  /// Failed logins, a success, and two to four large instant transfers within half an hour.
  private mutating func accountTakeover() -> Typology {
    let account = take()
    let customer = accountCustomer[Int(account)]
    var second = start()
    var typology = Typology(kind: .accountTakeover, account: account)
    for _ in 0..<random.within(6...12) {
      typology.logins.append(PlannedLogin(second: second, customer: customer, isSuccess: false))
      second += random.within(12...70)
    }
    typology.logins.append(PlannedLogin(second: second, customer: customer, isSuccess: true))
    let payee = Int32(random.below(Population.externalCount))
    for moment in moments(random.within(2...4), from: second + 60, within: 1700) {
      typology.payments.append(
        PlannedPayment(
          second: moment, account: account, cents: euros(1900...7400), type: .instantTransfer,
          channel: .mobileApp, counterpartyExternal: payee))
    }
    return typology
  }

  /// A transfer between two accounts of ours: a row on each.
  private mutating func move(
    _ cents: Int, from payer: Int32, to payee: Int32, at second: Int, in typology: inout Typology
  ) {
    typology.payments.append(
      PlannedPayment(
        second: second, account: payer, cents: cents, type: .transfer, channel: .onlineBanking,
        counterpartyAccount: payee))
    typology.payments.append(
      PlannedPayment(
        second: second + random.within(2...40), account: payee, cents: cents, type: .deposit,
        channel: .api, counterpartyAccount: payer))
  }

  private mutating func external(
    _ type: PaymentType, _ cents: Int, _ account: Int32, at second: Int, channel: Channel
  ) -> PlannedPayment {
    PlannedPayment(
      second: second, account: account, cents: cents, type: type, channel: channel,
      counterpartyExternal: Int32(random.below(Population.externalCount)))
  }

  /// An account that no other typology uses.
  private mutating func take() -> Int32 {
    guard !accounts.isEmpty else { return 0 }
    let position = random.below(accounts.count)
    accounts.swapAt(position, accounts.count - 1)
    return accounts.removeLast()
  }

  private mutating func start() -> Int {
    guard lastStart > firstSecond else { return max(firstSecond, lastStart) }
    return firstSecond + random.below(lastStart - firstSecond)
  }

  private mutating func moments(_ count: Int, from start: Int, within seconds: Int) -> [Int] {
    (0..<count).map { _ in start + random.below(seconds) }.sorted()
  }

  private mutating func euros(_ range: ClosedRange<Int>) -> Int {
    random.within(range) * 100 + (random.chance(0.5) ? random.below(100) : 0)
  }
}
