import PayopsCore

/// The invented customers, accounts and external parties of a run.
///
/// Holds only what payments need; names and addresses are drawn again when they are written.
struct Population: Sendable {
  /// Account without payments of its own, kept for planted events.
  static let dormantStatus: UInt8 = 1

  let customerCount: Int
  let accountCount: Int
  /// Home city of each customer.
  private(set) var customerCity: [UInt8] = []
  private(set) var isCompany: [Bool] = []
  private(set) var accountCustomer: [Int32] = []
  private(set) var accountCurrency: [Currency] = []
  /// 0 personal, 1 savings, 2 business.
  private(set) var accountType: [UInt8] = []
  /// 0 active, 1 dormant, 2 blocked, 3 closed.
  private(set) var accountStatus: [UInt8] = []
  /// Factor on the amounts of the account.
  private(set) var amountFactor: [Float] = []
  private(set) var openingCents: [Int] = []
  /// IBANs by account; empty for accounts in India.
  let accountNumbers: ByteTable
  /// UPI addresses by account; empty elsewhere.
  let accountHandles: ByteTable
  let externalNumbers: ByteTable
  let externalHandles: ByteTable
  let european: AliasTable
  let indian: AliasTable
  /// External parties by how often they are paid.
  let payees: AliasTable

  static let accountTypes = ["personal", "savings", "business"]
  static let accountStatuses = ["active", "dormant", "blocked", "closed"]
  static let externalCount = 6000

  /// Share of the payments by currency outside India.
  private static let currencyTargets: [Currency: Double] = [
    .eur: 0.893, .gbp: 0.035, .usd: 0.022, .pln: 0.027, .chf: 0.012, .sek: 0.011,
  ]
  private static let countries: [(code: String, upTo: Int)] = [
    ("DE", 21), ("FR", 33), ("IT", 42), ("ES", 51), ("NL", 57), ("BE", 61), ("AT", 65), ("PT", 68),
    ("FI", 71), ("IE", 74), ("GB", 80), ("PL", 86), ("CH", 90), ("SE", 93), ("IN", 100),
  ]

  /// Draws the population of a run.
  init(parameters: SimulationParameters, normal: NormalTable) {
    customerCount = parameters.customerCount
    accountCount = parameters.accountCount
    let seed = parameters.seed
    var citiesByCountry: [String: AliasTable] = [:]
    for country in Set(City.all.map(\.country)) {
      let members = City.all.indices.filter { City.all[$0].country == country }
      citiesByCountry[country] = AliasTable(
        members: members.map { Int32($0) }, weights: members.map { City.all[$0].weight })
    }
    var random = SeededRandom(seed: seed, stream: "population")
    for _ in 0..<customerCount {
      let draw = random.below(100)
      let country = Population.countries.first { draw < $0.upTo }?.code ?? "DE"
      customerCity.append(UInt8(citiesByCountry[country]?.draw(random.next()) ?? 0))
      isCompany.append(random.chance(0.08))
    }

    // Account numbers are unique in the database: those of another run must differ.
    var identity = SeededRandom(seed: seed, stream: "account numbers " + parameters.checksum)
    var numbers: [[UInt8]] = []
    var handles: [[UInt8]] = []
    var weights: [Double] = []
    for account in 0..<accountCount {
      let isSecond = account >= customerCount
      let customer = isSecond ? (account - customerCount) * 4 : account
      let country = City.all[Int(customerCity[customer])].country
      var currency = Population.localCurrency(of: country)
      if isSecond, currency == .eur {
        currency = random.chance(0.2) ? .usd : random.chance(0.1) ? .gbp : .eur
      }
      let type: UInt8 = isCompany[customer] ? 2 : isSecond ? 1 : 0
      let lot = random.below(1000)
      let status: UInt8 = lot < 12 ? 1 : lot < 15 ? 2 : lot < 22 ? 3 : 0
      // Pareto with shape 1.2, capped so that no party dominates.
      var weight = min(PortableMath.exp(-PortableMath.log(1 - random.unit()) / 1.2), 250)
      if type == 2 { weight *= 4 } else if type == 1 { weight *= 0.3 }
      let factor = normal.logNormal(random.next(), median: type == 2 ? 1.6 : 0.95, sigma: 0.35)
      let level = currency == .inr ? 40 : Currency.priceLevel[Int(currency.rawValue)]
      let opening =
        normal.logNormal(random.next(), median: type == 2 ? 24_000 : 3600, sigma: 1) * level
        + 260 * weight.squareRoot() * level
      accountCustomer.append(Int32(customer))
      accountCurrency.append(currency)
      accountType.append(type)
      accountStatus.append(status)
      amountFactor.append(Float(factor))
      openingCents.append(Int((opening * 100).rounded()))
      weights.append(status == 0 ? weight : 0)
      numbers.append(IBAN.random(country: country, using: &identity) ?? [])
      handles.append(
        currency == .inr ? Population.handle(number: account, using: &identity) : [])
    }
    accountNumbers = ByteTable(numbers)
    accountHandles = ByteTable(handles)

    var random2 = SeededRandom(seed: seed, stream: "external")
    let countries = ["DE", "DE", "FR", "IT", "ES", "NL", "BE", "AT", "PL", "IE", "PT", "LT", "LU"]
    var externals: [[UInt8]] = []
    var externalHandles: [[UInt8]] = []
    for party in 0..<Population.externalCount {
      let country = countries[random2.below(countries.count)]
      externals.append(IBAN.random(country: country, using: &random2) ?? [])
      externalHandles.append(
        Population.handle(number: accountCount + party, using: &random2))
    }
    externalNumbers = ByteTable(externals)
    self.externalHandles = ByteTable(externalHandles)
    payees = AliasTable(
      members: (0..<Population.externalCount).map { Int32($0) },
      weights: (0..<Population.externalCount).map { 1 / Double($0 + 12) })

    var byCurrency: [Currency: Double] = [:]
    for account in 0..<accountCount {
      byCurrency[accountCurrency[account], default: 0] += weights[account]
    }
    var members: [Int32] = []
    var shares: [Double] = []
    var indianMembers: [Int32] = []
    var indianWeights: [Double] = []
    for account in 0..<accountCount where weights[account] > 0 {
      let currency = accountCurrency[account]
      if currency == .inr {
        indianMembers.append(Int32(account))
        indianWeights.append(weights[account])
      } else if let target = Population.currencyTargets[currency], let sum = byCurrency[currency] {
        members.append(Int32(account))
        shares.append(weights[account] / sum * target)
      }
    }
    european = AliasTable(members: members, weights: shares)
    indian = AliasTable(members: indianMembers, weights: indianWeights)
  }

  /// Raises the opening balance of an account that will pay large planted amounts.
  mutating func endow(account: Int, cents: Int) {
    openingCents[account] += cents
  }

  private static func localCurrency(of country: String) -> Currency {
    switch country {
    case "GB": .gbp
    case "PL": .pln
    case "CH": .chf
    case "SE": .sek
    case "IN": .inr
    default: .eur
    }
  }

  private static func handle(number: Int, using random: inout SeededRandom) -> [UInt8] {
    let names = [
      "priya", "arjun", "lakshmi", "rahul", "kavya", "vikram", "shop", "store", "sanjay",
    ]
    let banks = ["okbank", "ybl", "axl", "paybank", "upi"]
    return Array("\(names[random.below(names.count)])\(number)@\(banks[random.below(5)])".utf8)
  }
}
