import PayopsCore

/// Writes customers, their addresses, accounts and handles.
struct CustomerFormat: Sendable {
  static let customerColumns = [
    "customer_id", "name", "first_name", "last_name", "identifier", "birth_date", "email", "phone",
    "gender", "locale", "country", "risk_category", "kyc_status", "account_open_date", "is_active",
    "risk_score",
  ]
  static let locationColumns = [
    "location_id", "customer_id", "city", "region", "country", "postal_code", "street",
    "building_number", "latitude", "longitude",
  ]
  static let accountColumns = [
    "account_id", "customer_id", "account_type", "account_status", "account_number", "currency",
    "balance", "opened_at",
  ]
  static let handleColumns = ["handle", "account_id", "created_at"]

  let plan: SimulationPlan
  let firstCustomerId: Int
  let firstLocationId: Int
  let firstAccountId: Int

  private func random(_ stream: String, _ number: Int) -> SeededRandom {
    SeededRandom(seed: plan.parameters.seed, stream: stream, number: number)
  }

  /// Day on which the relationship with a customer began: 100 days to 12 years before the period.
  private func openingDay(customer: Int) -> Int {
    var random = random("opening", customer)
    return plan.startSecond / 86_400 - random.within(100...4400)
  }

  /// Writes the row of a customer.
  func writeCustomer(_ customer: Int, to row: RowBuffer) {
    var random = random("customer", customer)
    let country = City.all[Int(plan.population.customerCity[customer])].country
    let people = People.living(in: country)
    let isCompany = plan.population.isCompany[customer]
    let isWoman = random.chance(0.5)
    let first = pick(isWoman ? people.women : people.men, &random)
    let last = pick(people.families, &random)
    let company =
      "\(pick(People.companies, &random)) \(customer) \(People.companyForms[country] ?? "Ltd")"
    let risk = random.below(100)
    let kyc = random.below(1000)
    row.beginRow()
    row.integer(firstCustomerId + customer)
    row.text(isCompany ? company : "\(first) \(last)")
    row.text(isCompany ? nil : first)
    row.text(isCompany ? nil : last)
    row.text(random.chance(0.9) ? "\(country)-\(700_000 + customer)" : nil)
    if isCompany {
      row.null()
    } else {
      row.date(plan.startSecond / 86_400 - random.within(18 * 365...85 * 365))
    }
    row.text(random.chance(0.95) ? "customer\(customer)@example.com" : nil)
    row.text("\(people.callingCode)555\(100_000 + customer % 900_000)")
    row.text(isCompany ? nil : random.chance(0.01) ? "X" : isWoman ? "F" : "M")
    row.text(people.locale)
    row.text(country)
    row.text(risk < 80 ? "low" : risk < 95 ? "medium" : "high")
    row.text(kyc < 930 ? "verified" : kyc < 970 ? "pending" : kyc < 990 ? "expired" : "rejected")
    row.date(openingDay(customer: customer))
    row.integer(random.chance(0.97) ? 1 : 0)
    row.integer(0)
    row.endRow()
  }

  /// Writes the row of a customer's address.
  func writeLocation(_ customer: Int, to row: RowBuffer) {
    var random = random("location", customer)
    let city = City.all[Int(plan.population.customerCity[customer])]
    row.beginRow()
    row.integer(firstLocationId + customer)
    row.integer(firstCustomerId + customer)
    row.text(city.name)
    row.text(city.region)
    row.text(city.country)
    row.text(city.postalCode)
    row.text(pick(People.living(in: city.country).streets, &random))
    row.text("\(random.within(1...180))")
    row.text("\(city.latitude)")
    row.text("\(city.longitude)")
    row.endRow()
  }

  /// Writes the row of an account.
  ///
  /// - Parameters:
  ///   - account: position of the account.
  ///   - cents: balance in the smallest coin.
  ///   - row: where to write.
  func writeAccount(_ account: Int, cents: Int, to row: RowBuffer) {
    let population = plan.population
    let customer = Int(population.accountCustomer[account])
    row.beginRow()
    row.integer(firstAccountId + account)
    row.integer(firstCustomerId + customer)
    row.text(Population.accountTypes[Int(population.accountType[account])])
    row.text(Population.accountStatuses[Int(population.accountStatus[account])])
    let number = population.accountNumbers[account]
    number.isEmpty ? row.null() : row.cell(number)
    row.cell(Currency.names, population.accountCurrency[account].rawValue)
    row.hundredths(cents)
    row.time((openingDay(customer: customer) + account % 30) * 86_400 + 32_400 + account % 28_800)
    row.endRow()
  }

  /// Writes the row of an account's UPI address; nothing for an account without one.
  func writeHandle(_ account: Int, to row: RowBuffer) {
    let handle = plan.population.accountHandles[account]
    guard !handle.isEmpty else { return }
    let customer = Int(plan.population.accountCustomer[account])
    row.beginRow()
    // Another run may have the same handle; the key of the account makes it unique.
    row.text(String(decoding: handle, as: UTF8.self).uniqueHandle(firstAccountId))
    row.integer(firstAccountId + account)
    row.time((openingDay(customer: customer) + 31) * 86_400 + 36_000)
    row.endRow()
  }

  private func pick(_ names: [String], _ random: inout SeededRandom) -> String {
    names[random.below(names.count)]
  }
}

extension String {
  /// The handle with the first key of the run in it.
  fileprivate func uniqueHandle(_ firstAccountId: Int) -> String {
    guard firstAccountId > 1, let sign = firstIndex(of: "@") else { return self }
    return "\(self[..<sign]).\(firstAccountId)\(self[sign...])"
  }
}
