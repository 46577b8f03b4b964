import PayopsCore

/// A stream of payments of one type from one pool of accounts, with its seasonality.
struct Flow: Sendable {
  let type: PaymentType
  let isIndian: Bool
  /// Share of all payments before seasonality.
  let share: Double
  let day: DayShape
  /// Factors Monday to Sunday.
  let week: [Double]
  let month: MonthShape
  /// Factor on bank holidays.
  let holiday: Double
  /// Factor in the two weeks before Christmas.
  let christmas: Double
  /// Growth in 30 days.
  let growth: Double

  /// Shape of the day, factors by local hour.
  enum DayShape: Sendable {
    case shopping, banking, mobile, cash, batch, indian

    var factors: [Double] {
      switch self {
      case .shopping:
        [
          14, 8, 5, 4, 5, 10, 26, 48, 62, 72, 84, 98, 108, 102, 92, 90, 98, 112, 118, 98, 74, 54,
          38, 24,
        ]
      case .banking:
        [
          6, 4, 3, 3, 4, 10, 28, 62, 104, 128, 132, 124, 98, 106, 116, 108, 92, 76, 60, 50, 42, 34,
          22, 12,
        ]
      case .mobile:
        [
          18, 10, 6, 5, 6, 12, 28, 50, 68, 76, 82, 88, 94, 88, 84, 86, 92, 104, 112, 116, 108, 90,
          62, 36,
        ]
      case .cash:
        [
          10, 6, 4, 4, 5, 8, 20, 48, 84, 108, 118, 116, 104, 98, 98, 104, 114, 110, 90, 64, 46, 34,
          26, 18,
        ]
      case .batch:
        [
          30, 60, 150, 260, 300, 240, 160, 90, 60, 50, 46, 40, 36, 34, 34, 32, 30, 26, 22, 18, 16,
          14, 14, 16,
        ]
      case .indian:
        [
          10, 6, 4, 3, 5, 14, 36, 64, 86, 98, 106, 108, 104, 100, 96, 96, 102, 112, 124, 128, 112,
          84, 50, 24,
        ]
      }
    }
  }

  /// Shape of the month.
  enum MonthShape: Sendable {
    case flat, salary, rent, spending

    func factor(day: Int, daysInMonth: Int) -> Double {
      switch self {
      case .flat: 1
      case .salary: day >= daysInMonth - 4 || day == 1 ? 2.6 : day == 15 ? 1.5 : 0.66
      case .rent: day <= 3 ? 2.4 : day == 15 ? 1.5 : 0.84
      case .spending: day >= daysInMonth - 4 || day <= 4 ? 1.16 : 0.95
      }
    }
  }

  static let all: [Flow] = {
    let shopping = [0.95, 0.95, 0.97, 1.0, 1.14, 1.17, 0.82]
    let office = [1.28, 1.26, 1.24, 1.22, 1.20, 0.45, 0.35]
    let even = [1.0, 0.98, 0.98, 1.0, 1.06, 1.04, 0.94]
    func flow(
      _ type: PaymentType, _ share: Double, _ day: DayShape, _ week: [Double], _ month: MonthShape,
      holiday: Double, christmas: Double = 1, growth: Double = 0.015, indian: Bool = false
    ) -> Flow {
      Flow(
        type: type, isIndian: indian, share: share, day: day, week: week, month: month,
        holiday: holiday, christmas: christmas, growth: growth)
    }
    return [
      flow(.cardPayment, 0.50, .shopping, shopping, .spending, holiday: 0.5, christmas: 1.28),
      flow(.transfer, 0.098, .banking, office, .rent, holiday: 0.3),
      flow(.deposit, 0.082, .banking, office, .salary, holiday: 0.3),
      flow(.directDebit, 0.085, .batch, office, .rent, holiday: 0.3),
      flow(.instantTransfer, 0.07, .mobile, even, .flat, holiday: 0.8, growth: 0.03),
      flow(.atmWithdrawal, 0.055, .cash, shopping, .spending, holiday: 0.7, christmas: 1.15),
      flow(.cashDeposit, 0.03, .cash, office, .flat, holiday: 0.2),
      flow(.upiMerchant, 0.030, .indian, even, .flat, holiday: 1, growth: 0.034, indian: true),
      flow(.upiPerson, 0.015, .indian, even, .salary, holiday: 1, growth: 0.03, indian: true),
      flow(.wire, 0.010, .banking, office, .flat, holiday: 0.3),
      flow(.cardPayment, 0.006, .indian, shopping, .spending, holiday: 1, indian: true),
      flow(.deposit, 0.005, .indian, office, .salary, holiday: 0.9, indian: true),
      flow(.atmWithdrawal, 0.003, .indian, even, .spending, holiday: 1, indian: true),
    ]
  }()
}

/// The bank holidays that shape European demand: those of the TARGET calendar.
enum BankHolidays {
  /// Whether a day is a holiday.
  static func contains(_ date: CivilDate) -> Bool {
    switch (date.month, date.day) {
    case (1, 1), (5, 1), (12, 25), (12, 26): return true
    default: break
    }
    let distance = date.daysSinceEpoch - CivilDate.easterSunday(year: date.year).daysSinceEpoch
    return distance == -2 || distance == 1
  }
}
