/// Names of people and companies by language, for invented customers.
struct People: Sendable {
  let locale: String
  let women: [String]
  let men: [String]
  let families: [String]
  let streets: [String]
  let callingCode: String

  /// The names used in a country.
  static func living(in country: String) -> People {
    byCountry[country] ?? german
  }

  static let companies = [
    "Nordlicht Handel", "Blue Harbour Trading", "Atelier Soleil", "Müller & Söhne", "Zielona Góra",
    "Casa Verde", "Officine Rossi", "Kvarnby Bygg", "Sharma Textiles", "Alpen Logistik",
    "Côte Ouest Import", "Lagos & Filhos", "Tulip Software", "Baltic Timber", "Riverside Dental",
  ]
  static let companyForms: [String: String] = [
    "DE": "GmbH", "AT": "GmbH", "CH": "AG", "FR": "SARL", "BE": "SRL", "IT": "S.r.l.", "ES": "S.L.",
    "PT": "Lda.", "NL": "B.V.", "PL": "sp. z o.o.", "SE": "AB", "FI": "Oy", "GB": "Ltd",
    "IE": "Ltd", "IN": "Pvt Ltd",
  ]

  private static let german = People(
    locale: "de_DE",
    women: ["Anna", "Käthe", "Sophie", "Mia", "Lena", "Emilia", "Hannah"],
    men: ["Lukas", "Jürgen", "Felix", "Jonas", "Björn", "Max", "Paul", "Günther"],
    families: [
      "Müller", "Schmidt", "Weiß", "Schäfer", "Krüger", "Hoffmann", "Jäger", "Böhm", "Vogel",
      "Lange", "Köhler", "Brandt",
    ],
    streets: ["Hauptstraße", "Lindenweg", "Bahnhofstraße", "Schlossallee"], callingCode: "+49")
  private static let french = People(
    locale: "fr_FR", women: ["Chloé", "Camille", "Zoé", "Élodie", "Manon", "Inès"],
    men: ["Hugo", "François", "Théo", "Jérôme", "Louis", "Rémi"],
    families: [
      "Martin", "Lefèvre", "Durand", "Beauchêne", "Garçon", "Moreau", "Béranger", "Dubois",
    ],
    streets: ["Rue de l'Église", "Avenue Foch", "Rue des Écoles"], callingCode: "+33")
  private static let italian = People(
    locale: "it_IT", women: ["Giulia", "Chiara", "Sofia", "Martina"],
    men: ["Marco", "Niccolò", "Matteo", "Luca"],
    families: ["Rossi", "Bianchi", "D'Angelo", "Conti", "Ricci", "Galli"],
    streets: ["Via Roma", "Corso Italia", "Via Dante"], callingCode: "+39")
  private static let spanish = People(
    locale: "es_ES", women: ["Lucía", "María", "Núria", "Inés"],
    men: ["Álvaro", "José", "Íñigo", "Martín"],
    families: ["García", "Muñoz", "López", "Ibáñez", "Peña", "Ortega"],
    streets: ["Calle Mayor", "Avenida de la Constitución", "Calle Nueva"], callingCode: "+34")
  private static let portuguese = People(
    locale: "pt_PT", women: ["Inês", "Beatriz", "Conceição"], men: ["João", "Simão", "Tomás"],
    families: ["Gonçalves", "Magalhães", "Sousa", "Araújo"],
    streets: ["Rua Augusta", "Rua de São Bento"], callingCode: "+351")
  private static let dutch = People(
    locale: "nl_NL", women: ["Sanne", "Fenna", "Noëlle"], men: ["Daan", "Sjoerd", "Joël"],
    families: ["de Vries", "van den Berg", "Jansen", "Visser"],
    streets: ["Kerkstraat", "Dorpsweg"], callingCode: "+31")
  private static let finnish = People(
    locale: "fi_FI", women: ["Aino", "Päivi", "Elli"], men: ["Mikko", "Väinö", "Jyrki"],
    families: ["Korhonen", "Mäkinen", "Hämäläinen"], streets: ["Mannerheimintie", "Kirkkokatu"],
    callingCode: "+358")
  private static let british = People(
    locale: "en_GB", women: ["Olivia", "Amelia", "Siân", "Zoe"],
    men: ["Oliver", "George", "Seán", "Harry"],
    families: ["Smith", "O'Brien", "Patel", "Taylor", "Hughes", "Walker"],
    streets: ["High Street", "Church Lane", "Station Road"], callingCode: "+44")
  private static let polish = People(
    locale: "pl_PL", women: ["Zofia", "Małgorzata", "Agnieszka", "Żaneta"],
    men: ["Łukasz", "Stanisław", "Michał", "Józef"],
    families: ["Kowalczyk", "Wójcik", "Zając", "Żak", "Wiśniewski", "Mazur"],
    streets: ["ul. Długa", "ul. Piotrkowska", "ul. Świętego Marcina"], callingCode: "+48")
  private static let swiss = People(
    locale: "de_CH", women: ["Nina", "Käthi", "Léa"], men: ["Reto", "Urs", "Noé"],
    families: ["Keller", "Rüegg", "Favre", "Zürcher"], streets: ["Seestrasse", "Rue du Lac"],
    callingCode: "+41")
  private static let swedish = People(
    locale: "sv_SE", women: ["Åsa", "Elsa", "Märta"], men: ["Björn", "Åke", "Östen"],
    families: ["Åkesson", "Lindström", "Öberg", "Nyström"], streets: ["Storgatan", "Ängsvägen"],
    callingCode: "+46")
  private static let indian = People(
    locale: "en_IN", women: ["Priya", "Ananya", "Lakshmi", "Kavya"],
    men: ["Arjun", "Rahul", "Vikram", "Sanjay"],
    families: ["Sharma", "Iyer", "Reddy", "Gupta", "Nair", "Das"],
    streets: ["MG Road", "Station Road", "Nehru Street"], callingCode: "+91")

  private static let byCountry: [String: People] = [
    "DE": german, "AT": german, "FR": french, "BE": french, "IT": italian, "ES": spanish,
    "PT": portuguese, "NL": dutch, "FI": finnish, "GB": british, "IE": british, "PL": polish,
    "CH": swiss, "SE": swedish, "IN": indian,
  ]
}
