/// A city where customers live and pay.
struct City: Sendable {
  let name: String
  let region: String
  let country: String
  let latitude: Double
  let longitude: Double
  let postalCode: String
  /// Share among the cities of its country.
  let weight: Double

  static let all: [City] = [
    .init("Berlin", "Berlin", "DE", 52.520008, 13.404954, "10115", 4),
    .init("München", "Bayern", "DE", 48.137154, 11.576124, "80331", 2),
    .init("Hamburg", "Hamburg", "DE", 53.551086, 9.993682, "20095", 2),
    .init("Köln", "Nordrhein-Westfalen", "DE", 50.937531, 6.960279, "50667", 2),
    .init("Frankfurt", "Hessen", "DE", 50.110924, 8.682127, "60311", 2),
    .init("Paris", "Île-de-France", "FR", 48.856613, 2.352222, "75001", 4),
    .init("Lyon", "Auvergne-Rhône-Alpes", "FR", 45.764042, 4.835659, "69001", 2),
    .init("Marseille", "Provence-Alpes-Côte d'Azur", "FR", 43.296482, 5.36978, "13001", 2),
    .init("Milano", "Lombardia", "IT", 45.464203, 9.189982, "20121", 3),
    .init("Roma", "Lazio", "IT", 41.902782, 12.496366, "00184", 3),
    .init("Madrid", "Comunidad de Madrid", "ES", 40.416775, -3.70379, "28001", 3),
    .init("Barcelona", "Catalunya", "ES", 41.385063, 2.173404, "08001", 3),
    .init("Málaga", "Andalucía", "ES", 36.721275, -4.421399, "29001", 1),
    .init("Amsterdam", "Noord-Holland", "NL", 52.367573, 4.904139, "1011", 3),
    .init("Rotterdam", "Zuid-Holland", "NL", 51.924419, 4.477733, "3011", 2),
    .init("Bruxelles", "Bruxelles", "BE", 50.850346, 4.351721, "1000", 2),
    .init("Wien", "Wien", "AT", 48.208176, 16.373819, "1010", 2),
    .init("Lisboa", "Lisboa", "PT", 38.722252, -9.139337, "1100-148", 2),
    .init("Helsinki", "Uusimaa", "FI", 60.169857, 24.938379, "00100", 2),
    .init("Dublin", "Leinster", "IE", 53.349805, -6.26031, "D02", 2),
    .init("London", "England", "GB", 51.507351, -0.127758, "EC1A", 4),
    .init("Manchester", "England", "GB", 53.480759, -2.242631, "M1", 2),
    .init("Warszawa", "Mazowieckie", "PL", 52.229676, 21.012229, "00-001", 3),
    .init("Łódź", "Łódzkie", "PL", 51.759249, 19.455983, "90-001", 2),
    .init("Kraków", "Małopolskie", "PL", 50.06465, 19.94498, "30-001", 2),
    .init("Zürich", "Zürich", "CH", 47.376888, 8.541694, "8001", 3),
    .init("Genève", "Genève", "CH", 46.204391, 6.143158, "1201", 2),
    .init("Stockholm", "Stockholm", "SE", 59.329323, 18.068581, "111 20", 3),
    .init("Malmö", "Skåne", "SE", 55.604981, 13.003822, "211 20", 2),
    .init("Mumbai", "Maharashtra", "IN", 19.075983, 72.877655, "400001", 3),
    .init("Bengaluru", "Karnataka", "IN", 12.971599, 77.594566, "560001", 3),
    .init("Delhi", "Delhi", "IN", 28.704059, 77.10249, "110001", 3),
    .init("Hyderabad", "Telangana", "IN", 17.385044, 78.486671, "500001", 2),
    .init("São Paulo", "São Paulo", "BR", -23.55052, -46.633308, "01000-000", 1),
    .init("New York", "New York", "US", 40.712776, -74.005974, "10001", 2),
    .init("Dubai", "Dubai", "AE", 25.204849, 55.270782, "00000", 1),
  ]

  static let names = ByteTable(all.map(\.name))
  static let none: UInt8 = 255

  private init(
    _ name: String, _ region: String, _ country: String, _ latitude: Double, _ longitude: Double,
    _ postalCode: String, _ weight: Double
  ) {
    self.name = name
    self.region = region
    self.country = country
    self.latitude = latitude
    self.longitude = longitude
    self.postalCode = postalCode
    self.weight = weight
  }
}
