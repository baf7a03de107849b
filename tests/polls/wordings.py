"""Wordings written for the tests of the advice: what should be said of each, by the codes of polls/advice.py.

A line is codes, language, kind, wording, and options with "/" between them ("*": shuffled). Lines without codes are good
ones; many of them look like bad ones on purpose.
"""

from polls.kinds.kind import Draft

BAD = """
double_barrelled | en | rating | How satisfied are you with the price and the quality of our events? |
double_barrelled | en | rating | How easy was it to find and install the plugin? |
double_barrelled | en | yes_no | Should we move the meeting to Tuesday and start at six? |
double_barrelled | en | yes_no | Did you read the newsletter or watch the video? |
double_barrelled | en | nps | How likely are you to come back and bring a guest? |
double_barrelled | en | likert | How clear and complete is our guide? | Not at all / Slightly / Moderately / Very / Extremely
double_barrelled | en | rating | How helpful were the moderators as well as the organisers? |
double_barrelled | en | single | Which evening suits you best, and where should we meet? | Monday / Tuesday / Thursday
double_barrelled | en | single | Did you come to the workshop? If not, why? | Yes / No
double_barrelled | en | single | Are you happy with the website & the app? | Yes / No / Don't know
double_barrelled | en | statements | What do you think of these ideas? | Open on Sundays and lower the fee / Print a calendar
double_barrelled | en | number | How many children and adults will come with you? |
double_barrelled | fr | rating | Êtes-vous satisfait du prix et de la qualité de nos soirées ? |
double_barrelled | fr | yes_no | Faut-il changer de salle et commencer plus tôt ? |
double_barrelled | fr | rating | À quel point le guide est-il clair et complet ? |
double_barrelled | fr | yes_no | Lisez-vous la lettre ou regardez-vous les vidéos ? |
double_barrelled | fr | single | Quel soir vous convient, et où devrions-nous nous voir ? | lundi / mardi / jeudi
double_barrelled | fr | nps | Quelle est la probabilité que vous reveniez et que vous ameniez un ami ? |
double_barrelled | fr | statements | Que pensez-vous de ces idées ? | Ouvrir le dimanche et baisser la cotisation / Imprimer un calendrier
double_barrelled | fr | rating | Comment jugez-vous l'accueil ainsi que l'animation ? |
double_barrelled | fr | single | Êtes-vous venu à l'atelier ? Si non, pourquoi ? | Oui / Non
leading agree | en | yes_no | Don't you agree that the new design looks better? |
leading | en | rating | How much do you love our new design? |
leading | en | yes_no | The new room is obviously better than the old one. Should we keep it? |
leading | en | yes_no | Shouldn't we meet more often? |
leading | en | single | This was a good year, wasn't it? | Yes / No / Don't know
leading | en | rating | How excited are you about the summer party? |
leading | en | rating | How would you rate our amazing volunteers? |
leading | en | long_text | Why do you love our community? |
leading | en | yes_no | Should we stop wasting money on printed flyers? |
leading | en | single | As you know, the hall is too small. Should we look for another? | Yes / No / Don't know
leading | en | rating | How annoying is this ridiculous bug? |
leading | en | yes_no | Most people prefer Tuesdays. Should we meet on Tuesdays? |
leading | fr | yes_no | Ne pensez-vous pas que la nouvelle salle est plus agréable ? |
leading | fr | rating | À quel point aimez-vous notre nouveau site ? |
leading | fr | yes_no | La nouvelle salle est évidemment plus pratique. Faut-il la garder ? |
leading | fr | single | C'était une belle soirée, n'est-ce pas ? | Oui / Non / Je ne sais pas
leading | fr | long_text | Qu'avez-vous surtout aimé ? |
leading | fr | rating | Comment trouvez-vous notre super équipe de bénévoles ? |
leading | fr | yes_no | Comme vous le savez, la salle est trop petite. Faut-il en changer ? |
leading | fr | long_text | Pourquoi aimez-vous notre association ? |
leading | fr | yes_no | Faut-il cesser de gaspiller notre argent en affiches ? |
leading | fr | yes_no | Le tarif est trop élevé, non ? |
negation | en | yes_no | Should meetings not be held on Fridays? |
negation | en | multiple | Which of these features do you not use? | Search / Calendar / Chat / Files
negation | en | statements | What do you think of these ideas? | The forum should not be public / Print a calendar
negation | en | rating | How often can't you find what you need? |
negation | en | yes_no | Do you no longer read the newsletter? |
negation | fr | yes_no | Les réunions ne devraient-elles plus avoir lieu le vendredi ? |
negation | fr | multiple | Lesquels de ces outils n'utilisez-vous pas ? | Recherche / Agenda / Salon / Fichiers
negation | fr | statements | Que pensez-vous de ces idées ? | Le forum ne doit pas être public / Imprimer un calendrier
negation | fr | yes_no | Vous ne lisez plus la lettre d'information ? |
double_negation | en | yes_no | Is it not unlikely that you will come? |
double_negation | en | yes_no | Should we not forbid phones at dinner? |
double_negation | en | statements | What do you think of these ideas? | Nobody should not have a say / Print a calendar
double_negation | en | long_text | What would you not do without? |
double_negation | en | rating | How often do you not fail to find help? |
double_negation | fr | yes_no | Ne faut-il plus interdire les téléphones à table ? |
double_negation | fr | yes_no | Il n'est pas impossible que vous veniez ? |
double_negation | fr | rating | Combien de fois ne venez-vous pas sans prévenir ? |
agree | en | likert | The website is easy to use |
agree | en | likert | To what extent do you agree that the meetings are useful? |
agree | en | yes_no | Do you agree that the meetings are too long? |
agree | en | single | Do you agree or disagree: the forum is friendly | Agree / Neither / Disagree
agree | en | matrix | What do you think of the evening? | Disagree / Neither / Agree
agree | fr | likert | Le site est facile à utiliser |
agree | fr | yes_no | Êtes-vous d'accord que les réunions sont trop longues ? |
agree | fr | likert | Dans quelle mesure êtes-vous d'accord : les réunions sont utiles |
agree | fr | single | L'accueil est chaleureux | D'accord / Ni l'un ni l'autre / Pas d'accord
too_long | en | rating | Thinking back to all of the meetings that you came to during the last twelve months, how useful were they for your work at home? |
too_long | en | long_text | If you could change one single thing in the way we run our weekly calls, which one would it be in the coming year, starting next week? |
too_long | en | yes_no | Given that the hall costs more each year, should the club pay for it out of the savings that were set aside for the roof? |
too_long | fr | rating | En repensant à toutes les réunions auxquelles vous êtes venu au cours des douze derniers mois, à quel point étaient-elles utiles pour votre travail ? |
too_long | fr | long_text | Si vous pouviez changer une seule chose dans la manière dont nous menons nos appels chaque semaine, laquelle serait-ce pour la prochaine année ? |
overlap | en | single | How many meetings did you come to? | 0–5 / 5–10 / More than 10
overlap | en | single | How old are you? | Under 18 / 18–25 / 25–40 / 41 or older
overlap | en | single | How many people live with you? | 0 / 1–2 / 2–4 / 5+
overlap | en | single | How many years have you been a member? | Less than 1 / 1 to 5 years / 5 or more
overlap | en | single | How much would you pay? | €0–10 / €10–20 / €20–50
overlap | en | single | How many posts do you read? | 1–4 / 5+ / more than 5
overlap | fr | single | Quel âge avez-vous ? | Moins de 18 ans / 18 à 25 ans / 25 à 40 ans / Plus de 40 ans
overlap | fr | single | À combien de réunions êtes-vous venu ? | 0 à 5 / 5 à 10 / Plus de 10
overlap | fr | single | Combien paieriez-vous ? | 0 à 10 € / 10 à 20 € / 20 € et plus
overlap | fr | single | Combien de messages lisez-vous ? | jusqu'à 5 / 5 à 10 / plus de 10
gap | en | single | How many meetings did you come to? | 0–5 / 7–10 / 11 or more
gap | en | single | How old are you? | Under 18 / 19–35 / 36 and over
gap | en | single | How many hours a week? | 1–2 hours / 4–6 hours / more than 6 hours
gap | fr | single | Quel âge avez-vous ? | Moins de 18 ans / 20 à 40 ans / 41 ans et plus
gap | fr | single | Combien de messages lisez-vous ? | 1 à 5 / 7 à 10 / plus de 10
no_middle | en | likert | How satisfied are you with the room? | Very dissatisfied / Dissatisfied / Satisfied / Very satisfied
no_middle | en | single | How was the talk? | Very bad / Bad / Good / Very good
no_middle | en | matrix | How was each of these? | Poor / Rather poor / Rather good / Good
no_middle | fr | likert | Êtes-vous satisfait de la salle ? | Très insatisfait / Insatisfait / Satisfait / Très satisfait
no_middle | fr | single | Comment était la conférence ? | Très mauvaise / Mauvaise / Bonne / Très bonne
no_unsure | en | single | Should we meet more often? | Yes / No
no_unsure | en | single | Do you think that the fee is fair? | Yes / No
no_unsure | fr | single | Faut-il se voir plus souvent ? | Oui / Non
no_unsure | fr | single | Trouvez-vous la cotisation juste ? | Oui / Non
absolute | en | yes_no | Do you always read the newsletter? |
absolute | en | statements | What do you think of these ideas? | Meetings should always start on time / Print a calendar
absolute | en | single | Do you never use the search? | I use it / I leave it / Other
absolute | fr | yes_no | Lisez-vous toujours la lettre d'information ? |
absolute | fr | yes_no | Vous ne venez jamais le lundi ? |
absolute | fr | rating | Trouvez-vous systématiquement ce que vous cherchez ? |
acronym | en | rating | How useful is the new RBAC for you? |
acronym | en | yes_no | Should the AGM be online? |
acronym | en | multiple | Which CRM do you use? | One / Two / Other
acronym | fr | yes_no | Faut-il tenir l'AGE en ligne ? |
acronym | fr | rating | À quel point le nouveau SSO vous est-il utile ? |
shuffled_order | en | single | Which day suits you? | *Monday / Tuesday / Wednesday / Thursday
shuffled_order | en | single | Which size do you wear? | *S / M / L / XL
shuffled_order | en | single | How often do you read it? | *Daily / Weekly / Monthly / Less often
shuffled_order | en | single | How many? | *1–5 / 6–10 / 11+
shuffled_order | en | single | Where do you live? | *Austria / Belgium / Chile / Denmark / Egypt / France / Ghana / Haiti / India
shuffled_order | en | single | Which month? | *Jan / Feb / Mar / Apr
shuffled_order | en | single | When? | *12 May / 14 May / 20 May
shuffled_order | fr | single | Quel jour vous convient ? | *lundi / mardi / jeudi
shuffled_order | fr | single | Tous les combien la lisez-vous ? | *Jamais / Parfois / Souvent / Toujours
shuffled_order | fr | single | Quel mois ? | *janvier / février / mars
double_barrelled | en | rating | How would you rate the sound and lighting on the night? |
double_barrelled | en | rating | Was the registration quick and simple? |
double_barrelled | en | yes_no | Would you pay for and use a premium plan? |
double_barrelled | en | likert | How happy are you with your pay or your hours? | Not at all / A little / Quite / Very / Extremely
double_barrelled | en | yes_no | Do you know what we do and how to join in? |
double_barrelled | en | rating | How friendly and knowledgeable was the team? |
double_barrelled | fr | rating | L'inscription a-t-elle été rapide et simple ? |
double_barrelled | fr | yes_no | Voulez-vous plus de tutoriels ou moins de publicités ? |
double_barrelled | fr | rating | Que pensez-vous du son et de l'éclairage ? |
double_barrelled | fr | yes_no | Savez-vous ce que nous faisons et comment participer ? |
agree | en | yes_no | Would you agree that our support is great? |
leading | en | rating | How much did you enjoy the festival? |
leading | en | yes_no | Surely we should keep the Sunday call? |
leading | en | single | You like the new logo, right? | Yes / No / Not sure
leading | en | yes_no | Isn't it time to change the rules? |
leading | en | long_text | What do you hate about the app? |
leading | fr | yes_no | Vous aimez le nouveau logo, hein ? |
leading | fr | yes_no | Ne faudrait-il pas changer les règles ? |
leading | fr | rating | Combien aimez-vous notre appli ? |
leading | fr | yes_no | Tout le monde sait que la salle est froide. Faut-il chauffer ? |
negation | en | likert | I do not feel welcome here | Never / Rarely / Sometimes / Often
negation | en | yes_no | Is the forum not useful to you? |
negation | en | multiple | Which pages haven't you visited? | Home / Blog / Shop / Forum
negation | fr | yes_no | Le forum ne vous est pas utile ? |
negation | fr | multiple | Quelles pages n'avez-vous pas visitées ? | Accueil / Blog / Boutique
double_negation | en | yes_no | Would you be unhappy if we did not meet? |
double_negation | fr | yes_no | Seriez-vous mécontent si nous ne nous voyions plus ? |
agree | en | likert | I feel part of this community |
agree | en | yes_no | Is it true that you read every post? |
agree | fr | likert | Je me sens bien dans cette communauté |
overlap | en | single | Time you spend per week | 0-1 hours / 1-3 hours / 3+ hours
overlap | en | single | Group size | 1 to 10 people / 10 to 20 people / 20 people and more
overlap | fr | single | Taille du groupe | de 1 à 10 personnes / de 10 à 20 personnes / plus de 20 personnes
overlap | fr | single | Votre âge | 15-25 / 25-35 / 35-45 / 45+
gap | en | single | Your age | 15-24 / 26-34 / 35-44 / 45+
gap | fr | single | Combien de fois par mois ? | moins de 2 fois / de 2 à 4 fois / plus de 5 fois
absolute | en | yes_no | Have you never asked for help? |
absolute | fr | statements | Que pensez-vous de ces idées ? | Il faut toujours répondre sous deux jours / Un café chaque mois
no_middle | en | single | What do you think of the new fee? | Far too high / Too high / Too low / Far too low
no_unsure | en | single | Would you like a second call each month? | Yes please / No thanks
no_unsure | fr | single | Aimeriez-vous un second appel par mois ? | Oui, volontiers / Non merci
shuffled_order | en | single | What is your level? | *Beginner / Intermediate / Advanced / Expert
shuffled_order | fr | single | Votre niveau ? | *Débutant / Intermédiaire / Avancé
shuffled_order | en | single | When shall we meet? | *Monday evening / Wednesday evening / Thursday evening
"""

GOOD = """
| en | nps | How likely is it that you would recommend our community to a friend or colleague? |
| en | rating | How satisfied or dissatisfied are you with your last visit? |
| en | rating | How easy or difficult was it to find help? |
| en | rating | How useful was the session with questions and answers? |
| en | rating | How was the food and drink at the party? |
| en | rating | How well did the talk by Anna and Tom fit your work? |
| en | rating | How did you like or dislike the salt and pepper theme? |
| en | yes_no | Should we add drag and drop to the editor? |
| en | yes_no | Do you work in research and development? |
| en | yes_no | Should we meet between six and eight? |
| en | yes_no | Have you come to one or two meetings this year? |
| en | yes_no | Should the meeting be longer or not? |
| en | single | Do you prefer tea or coffee? | Tea / Coffee / Other
| en | single | Which do you read more, the forum or the newsletter? | Forum / Newsletter
| en | multiple | Which snacks and drinks should we order? | Crisps / Juice / Fruit
| en | single | Where and when did you hear of us? | At work / Online / From friends
| en | ranking | Which of these should we build first? | Search and filters / Calendar / Chat
| en | points | How would you share out the budget? | Food and drinks / Room / Prizes
| en | long_text | What did you like and what should we change? |
| en | long_text | What did not work? |
| en | long_text | Why did you not come? |
| en | single | Why did you not come? | Too far / Too late / Other
| en | multiple | What kept you from coming? | Distance / Time / Other
| en | yes_no | Do you agree to be contacted by mail? |
| en | statements | What do you think of these ideas? | Open on Sundays / Print a calendar
| en | likert | How easy is the website to use? | Not at all easy / Slightly easy / Moderately easy / Very easy / Extremely easy
| en | likert | How has the forum changed? | Much worse / Worse / About the same / Better / Much better
| en | single | How often do you read the newsletter? | Always / Often / Rarely / Never
| en | single | How often do you come? | Every week / Every month / Every year / Never
| en | single | How old are you? | Under 18 / 18–25 / 26–40 / 41 or older
| en | single | How many meetings did you come to? | 0 / 1 / 2–4 / 5+
| en | single | How many hours? | less than 5 / 5–9 / 10 or more
| en | single | Which slot suits you? | 18:00–20:00 / 20:00–22:00 / 22:00–23:00
| en | single | Which week suits you? | 3–5 May / 5–7 May / 8–10 May
| en | single | How much would you pay? | €0–9 / €10–19 / €20 or more
| en | single | What was your score? | 0.0–0.9 / 1.0–1.9 / 2.0–2.9
| en | single | How many people came? | up to 1,000 / 1,001–5,000 / more than 5,000
| en | single | Should we meet more often? | Yes / No / Don't know
| en | single | Did you come to the last meeting? | Yes / No
| en | single | Have you read the rules? | Yes / No
| en | yes_no | Should we meet more often? |
| en | single | Which colour do you prefer? | Red / Blue / Green / Yellow
| en | single | Which colour suits the logo? | *Red / Blue / Green / Yellow
| en | multiple | What do you use? | *Search / Chat / Calendar / Files
| en | single | Who should lead the group? | *Maya / Anna / Tom / Ravi
| en | single | Which place should we visit? | *Museum / Zoo / Park
| en | single | Which day suits you? | Monday / Tuesday / Wednesday
| en | rating | How clearly did we explain the change? |
| en | rating | How well does the FAQ answer your questions? |
| en | rating | How useful is the PDF of the guide? |
| en | rating | How useful is RBAC (roles for each person) for you? |
| en | rating | How fast does the page load on your phone? |
| en | date | When did you join? |
| en | number | How many meetings did you come to last year? |
| en | short_text | What should we call the new room? |
| en | long_text | What is the reason for your score? |
| en | yes_no | Will you come more often than before? |
| en | rating | When you came in and looked around, how easy was it to find us? |
| en | single | What is the main reason you are leaving? | Price / Time / Something else
| en | single | How was the length of the talk? | Much too short / Too short / Just right / Too long / Much too long
| fr | nps | Quelle est la probabilité que vous recommandiez notre communauté à un ami ou à un collègue ? |
| fr | rating | Êtes-vous satisfait ou insatisfait de votre dernière visite ? |
| fr | rating | Était-il facile ou difficile de trouver de l'aide ? |
| fr | rating | La séance de questions et réponses vous a-t-elle été utile ? |
| fr | rating | Comment jugez-vous l'exposé d'Anna et Tom ? |
| fr | rating | La soirée a-t-elle plu aux participantes et participants ? |
| fr | yes_no | Faut-il se réunir entre six et huit heures ? |
| fr | yes_no | La réunion doit-elle être plus longue ou non ? |
| fr | yes_no | Voulez-vous recevoir un ou plusieurs rappels ? |
| fr | yes_no | Êtes-vous d'accord pour que nous vous écrivions ? |
| fr | single | Préférez-vous le thé ou le café ? | Le thé / Le café / Autre
| fr | multiple | Quels plats et boissons faut-il prévoir ? | Chips / Jus / Fruits
| fr | ranking | Par quoi devrions-nous commencer ? | Recherche et filtres / Agenda / Salon
| fr | long_text | Qu'est-ce qui n'a pas marché ? |
| fr | long_text | Pourquoi n'êtes-vous pas venu ? |
| fr | single | Pourquoi n'êtes-vous pas venu ? | Trop loin / Trop tard / Autre
| fr | long_text | Qu'avez-vous aimé et que faut-il changer ? |
| fr | statements | Que pensez-vous de ces idées ? | Ouvrir le dimanche / Imprimer un calendrier
| fr | likert | À quel point le site est-il facile à utiliser ? | Pas du tout facile / Un peu facile / Assez facile / Très facile / Extrêmement facile
| fr | likert | Comment le forum a-t-il changé ? | Bien pire / Pire / Pareil / Mieux / Bien mieux
| fr | single | Tous les combien lisez-vous la lettre ? | Toujours / Souvent / Rarement / Jamais
| fr | single | Quel âge avez-vous ? | Moins de 18 ans / 18 à 25 ans / 26 à 40 ans / Plus de 40 ans
| fr | single | À combien de réunions êtes-vous venu ? | 0 / 1 / 2 à 4 / 5 et plus
| fr | single | Quel créneau vous convient ? | 18 h–20 h / 20 h–22 h / 22 h–23 h
| fr | single | Quelle semaine vous convient ? | du 3 au 5 mai / du 5 au 7 mai / du 8 au 10 mai
| fr | single | Combien paieriez-vous ? | 0 à 9 € / 10 à 19 € / 20 € et plus
| fr | single | Combien de personnes ? | jusqu'à 1 000 / 1 001 à 5 000 / plus de 5 000
| fr | single | Faut-il se voir plus souvent ? | Oui / Non / Je ne sais pas
| fr | single | Êtes-vous venu à la dernière réunion ? | Oui / Non
| fr | yes_no | Faut-il se voir plus souvent ? |
| fr | single | Quelle couleur préférez-vous ? | Rouge / Bleu / Vert / Jaune
| fr | single | Quelle couleur va au logo ? | *Rouge / Bleu / Vert / Jaune
| fr | single | Quel lieu faut-il visiter ? | *Musée / Zoo / Parc
| fr | rating | La foire aux questions (FAQ) répond-elle à vos questions ? |
| fr | rating | Le PDF du guide vous est-il utile ? |
| fr | date | Quand êtes-vous arrivé chez nous ? |
| fr | number | À combien de réunions êtes-vous venu l'an dernier ? |
| fr | short_text | Comment appeler la nouvelle salle ? |
| fr | long_text | Quelle est la raison de votre note ? |
| fr | single | Comment était la durée de l'exposé ? | Bien trop courte / Trop courte / Juste bien / Trop longue / Bien trop longue
| fr | yes_no | Viendrez-vous plus souvent qu'avant ? |
| fr | single | Quelle est la raison principale de votre départ ? | Prix / Temps / Autre chose
| en | rating | How well do you know the people in your neighbourhood? |
| en | yes_no | Should we keep the Sunday call? |
| en | rating | How was the music at Rhythm and Blues Night? |
| en | yes_no | Do you have a copy of the terms and conditions? |
| en | single | Which city should host us, Paris or Lyon? | Paris / Lyon
| en | single | How did you hear about us? | A friend or colleague / A search engine / Social media / A poster
| en | multiple | Which topics and speakers would you like? | Privacy / Design / Testing
| en | rating | How satisfied are you with the way we handled your question? |
| en | yes_no | Can you bring a chair or something to sit on? |
| en | single | How much time do you spend with us each week? | Less than 1 hour / 1–3 hours / 4–6 hours / 7 hours or more
| en | single | How long have you been a member? | Less than a year / 1–2 years / 3–5 years / More than 5 years
| en | single | What is your level? | Beginner / Intermediate / Advanced / Expert
| en | single | How did version 2 change your work? | Made it harder / No difference / Made it easier
| en | single | Which plan do you use? | Free / Basic / Pro
| en | likert | How often do you feel heard? | Never / Rarely / Sometimes / Often / Very often
| en | yes_no | Will you be at the spring meeting on Saturday 5 May from 10 to 12? |
| en | long_text | If you could change one thing, what would it be and why? |
| en | single | Is the new menu better or worse than the old one? | Better / About the same / Worse
| en | yes_no | Do you live within walking distance of the hall? |
| en | single | Did the fix solve your problem? | Yes / Partly / No
| en | short_text | What is your first name? |
| en | yes_no | May we quote you by name? |
| en | single | What stops you from posting? | Time / Shyness / Nothing, I post / Something else
| en | rating | How useful are the weekly updates for you? |
| fr | rating | Connaissez-vous bien les gens de votre quartier ? |
| fr | yes_no | Faut-il garder l'appel du dimanche ? |
| fr | single | Quelle ville doit nous accueillir, Paris ou Lyon ? | Paris / Lyon
| fr | single | Comment nous avez-vous connus ? | Par un ami ou un collègue / Par un moteur de recherche / Par une affiche
| fr | rating | Êtes-vous satisfait de la façon dont nous avons traité votre demande ? |
| fr | yes_no | Pouvez-vous apporter une chaise ou quelque chose pour s'asseoir ? |
| fr | single | Combien de temps passez-vous avec nous chaque semaine ? | Moins d'une heure / 1 à 3 heures / 4 à 6 heures / 7 heures et plus
| fr | single | Depuis quand êtes-vous membre ? | Moins d'un an / 1 à 2 ans / 3 à 5 ans / Plus de 5 ans
| fr | single | La correction a-t-elle résolu votre problème ? | Oui / En partie / Non
| fr | single | Le nouveau menu est-il meilleur ou pire que l'ancien ? | Meilleur / Pareil / Pire
| fr | long_text | Si vous pouviez changer une chose, laquelle et pourquoi ? |
| fr | yes_no | Pouvons-nous vous citer par votre nom ? |
| fr | single | Où nous retrouver ? | Au café / À la bibliothèque / Au parc
| fr | rating | Les nouvelles de la semaine vous sont-elles utiles ? |
| fr | single | Qu'est-ce qui vous retient de publier ? | Le temps / La timidité / Rien, je publie / Autre chose
| fr | yes_no | Serez-vous là le samedi 5 mai de 10 h à 12 h ? |
| fr | single | Quel est votre niveau ? | Débutant / Intermédiaire / Avancé / Expert
| fr | multiple | Quels sujets et quels invités aimeriez-vous ? | Vie privée / Design / Tests
| fr | rating | À quel point vous sentez-vous écouté ? |
| fr | yes_no | Habitez-vous à pied de la salle ? |
"""


def labelled() -> list[tuple[set[str], str, Draft]]:
    """(codes that should come, language, question) for every line."""
    return [_line(line) for text in (BAD, GOOD) for line in text.strip().splitlines()]


def _line(line: str) -> tuple[set[str], str, Draft]:
    codes, language, kind, wording, options = (part.strip() for part in line.split("|"))
    labels = tuple(o.strip() for o in options.removeprefix("*").split(" / ") if o.strip())
    rows = ("The evening",) if kind == "matrix" else ()
    draft = Draft(kind, wording, labels, rows=rows)
    object.__setattr__(draft, "shuffled", options.startswith("*"))  # frozen, and older than this setting
    return set(codes.split()), language, draft
