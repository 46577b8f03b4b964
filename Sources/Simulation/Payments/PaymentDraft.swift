import PayopsCore

/// Draws single payments: payer, payee, method and amount.
struct PaymentDraft: Sendable {
  private let population: Population
  let normal: NormalTable
  private let flows = Flow.all
  private let counter: AliasTable
  private let remote: AliasTable
  private let upi: AliasTable
  private let anyCity: AliasTable
  private let categories = MerchantCategory.all

  /// Prepares the tables.
  init(population: Population, normal: NormalTable) {
    self.population = population
    self.normal = normal
    func table(_ share: (MerchantCategory) -> Double) -> AliasTable {
      let members = MerchantCategory.all.indices.filter { share(MerchantCategory.all[$0]) > 0 }
      return AliasTable(
        members: members.map { Int32($0) }, weights: members.map { share(MerchantCategory.all[$0]) }
      )
    }
    counter = table(\.counterShare)
    remote = table(\.remoteShare)
    upi = table(\.upiShare)
    anyCity = AliasTable(
      members: City.all.indices.map { Int32($0) }, weights: City.all.map(\.weight))
  }

  /// Draws an everyday payment, without its outcome.
  ///
  /// - Parameters:
  ///   - second: time of the attempt.
  ///   - shares: cumulative shares of the flows, scaled to 2^32.
  ///   - balances: balances by account, in the smallest coin.
  ///   - random: source of the draw.
  func background(
    second: Int, shares: [UInt32], balances: [Int], using random: inout SeededRandom
  ) -> Payment {
    let bits = random.next()
    let lot = UInt32(truncatingIfNeeded: bits)
    var number = 0
    while number < shares.count - 1, shares[number] <= lot { number += 1 }
    let flow = flows[number]
    let isIndian = flow.isIndian && !population.indian.isEmpty
    let account = (isIndian ? population.indian : population.european).draw(random.next())

    var payment = Payment()
    payment.second = second
    payment.account = Int32(truncatingIfNeeded: account)
    payment.type = flow.isIndian && !isIndian ? .instantTransfer : flow.type
    payment.currency = population.accountCurrency[account]
    payment.city = population.customerCity[Int(population.accountCustomer[account])]
    let dice = Int((bits &>> 32) & 0xFF)
    if (bits &>> 40) & 0xFF < 20 { payment.city = UInt8(anyCity.draw(random.next())) }
    payment.requestMs = Int32(((bits &>> 48) &* 1000) &>> 16)

    let price = Currency.priceLevel[Int(payment.currency.rawValue)] * (isIndian ? 40 : 1)
    let noise = random.next()
    var amount: Double
    switch payment.type {
    case .cardPayment:
      amount = card(&payment, dice: dice, noise: noise, isIndian: isIndian, using: &random)
      amount *= (isIndian ? 1 : price)
    case .atmWithdrawal:
      amount = normal.logNormal(noise, median: 85, sigma: 0.65) * price
      let note = payment.currency == .inr ? 500.0 : payment.currency == .sek ? 100 : 10
      amount = max(1, (amount / note).rounded()) * note
      payment.channel = .atm
      payment.device = .atm
      payment.product = .debitCard
      payment.acquirer = dice < 150 ? .meridian : dice < 220 ? .nordPay : .acquira
      payment.scheme = scheme(random.below(256), isIndian: isIndian)
    case .transfer, .instantTransfer:
      amount = transfer(&payment, dice: dice, noise: noise, using: &random) * price
    case .directDebit:
      amount = normal.logNormal(noise, median: 62, sigma: 0.85) * price
      payment.channel = .api
      payment.product = .directDebit
      payment.title = Titles.bills[dice % Titles.bills.count]
      payment.counterpartyExternal = Int32(population.payees.draw(random.next()))
    case .upiPerson, .upiMerchant:
      amount = upi(&payment, noise: noise, using: &random)
    case .wire:
      amount = normal.logNormal(noise, median: 2300, sigma: 1.1) * price
      payment.channel = dice < 154 ? .onlineBanking : dice < 210 ? .branch : .api
      payment.device = payment.channel == .onlineBanking ? .web : .none
      payment.product = .internationalWire
      payment.title = dice & 1 == 0 ? 2 : 23
      payment.counterpartyExternal = Int32(population.payees.draw(random.next()))
    case .deposit:
      amount = normal.logNormal(noise, median: 900, sigma: 0.85) * price
      payment.channel = .api
      payment.product = .currentAccount
      payment.title = Titles.salaries[dice % Titles.salaries.count]
      payment.counterpartyExternal = Int32(population.payees.draw(random.next()))
    case .cashDeposit:
      amount = (normal.logNormal(noise, median: 170, sigma: 0.9) * price / 10).rounded() * 10 + 10
      payment.channel = dice < 150 ? .branch : .atm
      payment.device = dice < 150 ? .branch : .atm
      payment.product = .cash
      payment.title = Titles.cash
    }
    amount *= Double(population.amountFactor[account])
    payment.cents = max(1, Int((amount * 100).rounded()))
    if payment.type == .atmWithdrawal || payment.type == .cashDeposit {
      payment.cents = max(1000, payment.cents / 1000 * 1000)
    }
    fit(&payment, balance: balances[account])
    return payment
  }

  /// Keeps an account from sliding far into debt: receipts grow, large payments shrink.
  private func fit(_ payment: inout Payment, balance: Int) {
    if payment.type == .deposit {
      if balance < 0 { payment.cents += -balance / 2 }
    } else if !payment.type.isIncoming, payment.type != .cardPayment,
      payment.cents > max(balance, 5000)
    {
      let most = max(balance / 2, 1000)
      payment.cents = most + payment.cents % most
      if payment.type == .atmWithdrawal { payment.cents = max(1000, payment.cents / 1000 * 1000) }
    }
  }

  /// A card payment; the amount before the price level.
  private func card(
    _ payment: inout Payment, dice: Int, noise: UInt64, isIndian: Bool,
    using random: inout SeededRandom
  ) -> Double {
    payment.channel = dice < 148 ? .cardPresent : dice < 235 ? .ecommerce : .mobileApp
    let bits = random.next()
    payment.device =
      switch payment.channel {
      case .cardPresent: .pos
      case .ecommerce: bits & 0xFF < 140 ? .web : .mobile
      default: .mobile
      }
    payment.scheme = scheme(Int((bits &>> 8) & 0xFF), isIndian: isIndian)
    let lot = Int((bits &>> 16) & 0xFF)
    payment.acquirer =
      lot < 92 ? .nordPay : lot < 166 ? .acquira : lot < 222 ? .bluePeak : .meridian
    payment.product = (bits &>> 24) & 0xFF < 80 ? .creditCard : .debitCard
    let category = (payment.channel == .cardPresent ? counter : remote).draw(random.next())
    payment.category = UInt8(category)
    return normal.logNormal(
      noise, median: isIndian ? categories[category].upiMedian * 1.6 : categories[category].median,
      sigma: categories[category].sigma)
  }

  private func scheme(_ lot: Int, isIndian: Bool) -> CardScheme {
    isIndian
      ? (lot < 140 ? .rupay : lot < 205 ? .visa : .mastercard)
      : (lot < 134 ? .visa : lot < 242 ? .mastercard : .amex)
  }

  /// A credit transfer; the amount before the price level.
  private func transfer(
    _ payment: inout Payment, dice: Int, noise: UInt64, using random: inout SeededRandom
  ) -> Double {
    let isInstant = payment.type == .instantTransfer
    payment.product = isInstant ? .instantTransfer : .sepaTransfer
    if isInstant {
      payment.channel = dice < 192 ? .mobileApp : .onlineBanking
    } else {
      payment.channel =
        dice < 112 ? .mobileApp : dice < 216 ? .onlineBanking : dice < 243 ? .api : .branch
    }
    payment.device =
      switch payment.channel {
      case .mobileApp: .mobile
      case .onlineBanking: .web
      case .branch: .branch
      default: .none
      }
    let bits = random.next()
    if bits & 0xFF < 40 {
      // To another of our customers; both rows are in the same currency.
      let other = population.european.draw(random.next())
      if population.accountCurrency[other] == payment.currency, other != Int(payment.account) {
        payment.counterpartyAccount = Int32(other)
      }
    }
    if payment.counterpartyAccount < 0 {
      payment.counterpartyExternal = Int32(population.payees.draw(random.next()))
    }
    if (bits &>> 8) & 0xFF < 190 {
      payment.title = Titles.transfers[Int((bits &>> 16) & 0xFFFF) % Titles.transfers.count]
    }
    let amount = normal.logNormal(
      noise, median: isInstant ? 60 : 150, sigma: isInstant ? 1.1 : 1.15)
    return (bits &>> 32) & 0xFF < 90 ? max(5, (amount / 5).rounded() * 5) : amount
  }

  /// A UPI payment; the amount in INR.
  private func upi(
    _ payment: inout Payment, noise: UInt64, using random: inout SeededRandom
  ) -> Double {
    payment.channel = .mobileApp
    payment.device = .mobile
    payment.product = .upi
    payment.acquirer = .npciSwitch
    payment.counterpartyExternal = Int32(population.payees.draw(random.next()))
    guard payment.type == .upiMerchant else {
      return normal.logNormal(noise, median: 1250, sigma: 1.3)
    }
    let category = upi.draw(random.next())
    payment.category = UInt8(category)
    return normal.logNormal(
      noise, median: categories[category].upiMedian, sigma: categories[category].sigma)
  }

  /// Completes a planted payment.
  func planned(_ plan: PlannedPayment, using random: inout SeededRandom) -> Payment {
    var payment = Payment()
    payment.account = plan.account
    payment.cents = plan.cents
    payment.type = plan.type
    payment.channel = plan.channel
    payment.currency = population.accountCurrency[Int(plan.account)]
    payment.city = population.customerCity[Int(population.accountCustomer[Int(plan.account)])]
    payment.counterpartyAccount = plan.counterpartyAccount
    payment.counterpartyExternal = plan.counterpartyExternal
    payment.answer = plan.answer
    payment.responseCode = ResponseCode.approved
    payment.requestMs = Int32(random.below(1000))
    payment.durationMs = latency(of: payment.channel, random.next())
    switch plan.type {
    case .cashDeposit:
      payment.product = .cash
      payment.device = .branch
      payment.title = Titles.cash
    case .instantTransfer: payment.product = .instantTransfer
    case .transfer: payment.product = .sepaTransfer
    default: payment.product = .currentAccount
    }
    if plan.channel == .mobileApp { payment.device = .mobile }
    if plan.channel == .onlineBanking { payment.device = .web }
    return payment
  }

  /// Completes a payment that follows from an earlier one.
  func following(
    _ followUp: FollowUp, second: Int, using random: inout SeededRandom
  ) -> Payment {
    var payment = followUp.original
    payment.second = second
    payment.requestMs = Int32(random.below(1000))
    payment.durationMs = latency(of: payment.channel, random.next())
    payment.isFinalAttempt = true
    payment.responseCode = ResponseCode.approved
    switch followUp.kind {
    case .duplicate: break
    case .receipt:
      payment.account = followUp.original.counterpartyAccount
      payment.counterpartyAccount = followUp.original.account
      payment.type = .deposit
      payment.channel = .api
      payment.device = .none
      payment.product = .currentAccount
      payment.city =
        population.customerCity[
          Int(population.accountCustomer[Int(payment.account)])]
    case .retry:
      payment.status = random.below(100) < 62 ? .completed : followUp.original.status
      if payment.status != .completed { payment.responseCode = followUp.original.responseCode }
    }
    return payment
  }

  /// Time to an answer, ms.
  func latency(of channel: Channel, _ bits: UInt64) -> Int32 {
    let number = Int(channel.rawValue)
    return Int32(
      min(
        normal.logNormal(
          bits, median: Channel.medianLatencyMs[number], sigma: Channel.latencySigma[number]),
        29_000))
  }
}
