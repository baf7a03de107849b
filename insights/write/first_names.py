"""First names that are no words of English or French, in small letters: how a name at the beginning of a sentence is told from
any other word. Common ones of both languages and of people who live where they are spoken; a name that is also a word (Mark,
Rose, Will) is left out, and then seen only inside a sentence or behind a title."""

FIRST_NAMES = frozenset(
    """
    aaron abdul abdullah abigail adam adele adeline adrian adriana adrien agathe agnes agnès ahmed aicha aïcha aidan aisha alan
    alain alana albert alberto alejandro alessandro alex alexander alexandra alexandre alexia alexis alfred ali alice alicia alina
    aline alison alistair allan allison alyssa amadou amanda amandine amélie amelia amina amir amy ana anaïs anastasia andre andré
    andrea andreas andrew andy angela angelica angelina angélique angus anita ann anna annabelle anne annette annie anthony antoine
    antonia antonio antony anya archie ariane arjun armand arnaud arthur asha ashley astrid aude audrey augustin aurélie aurélien
    aurore ava axel ayesha aymeric babette baptiste barbara barnaby barry bastien béatrice beatrice beatriz becky bella ben benedict
    bénédicte benjamin benoît benoit bernadette bernard bertrand beth bethany betty beverley bilal björn bob bobby brandon brenda
    brendan brian bridget brigitte britney brooke bruce bruno bryan caitlin callum calum cameron camille camilla carl carla carlos
    carmen carol carole carolina caroline carolyn carrie catherine cathy cécile cecilia cédric céline celia chantal charlène charles
    charlie charlotte chelsea chen cheryl chiara chloe chloé chris christelle christian christiane christina christine christophe
    christopher ciara cindy claire clara clarisse claude claudia claudine clément clémence clementine cléo clive clothilde cody colette
    colin connor conor constance coralie corentin corinne courtney craig cristina cyril cyrille daisuke damien dan dana daniel daniela
    danielle danièle danny daphné daphne darren dave david deborah debbie declan delphine denis denise dennis derek deepak diana diane
    didier diego dimitri dmitri dominic dominique donald donna doris dorothy dorothée douglas duncan dylan eamon ebony ed eddie edgar
    edith édith édouard eduardo edward edwige edwin eileen elaine eleanor elena eléonore éléonore eleni elena elias elif eliane éliane
    elijah élisabeth elisabeth elise élise eliza elizabeth ella ellen ellie elliot elodie élodie eloïse elsa emanuel emeka emilia emilie
    émilie emily emma emmanuel emmanuelle enrique enzo eric éric erica erik erin ernest erwan esteban estelle esther ethan étienne
    etienne eugene eugénie eva evan eve evelyn evelyne fabien fabienne fabrice fanny farah fareed fatima fatou félix felicity felix
    fernand fernando fiona flavie flora florence florent florian françois franck francesca francesco francine francis francisco
    francoise françoise frankie fraser fred freddie frédéric frederic frederick frédérique freya gabriel gabriela gabrielle gaël gaëlle
    gareth gary gaspard gavin gemma geneviève geoff geoffrey geoffroy george georges georgia georgina gérald gérard gerald gerard
    germaine gilles ghislaine gillian giorgio giovanni giselle gisèle giulia gladys gloria gonzalo gordon graham grégoire gregory
    grégory greta guillaume gustave guy gwen gwenaëlle gwendoline hadrien hamza hanna hannah hans harold harriet harry harvey hassan
    hayley heidi helen helena hélène heloïse héloïse henri henriette henrik henry hervé hilary hiroshi hortense howard hubert hugh hugo
    hugues hussein iain ian ibrahim igor imane imogen imran ines inès ingrid irene irène isaac isabel isabella isabelle isla ismaël
    ivan jacob jacqueline jacques jade jake jamal james jamie jan jane janet janice janine jared jasmin jason javier jayden jean jeanne
    jeannine jeff jeffrey jenna jennifer jenny jeremy jérémie jérémy jérôme jerome jerry jess jesse jessica jill jim jimmy joan joanna
    joanne joaquin jocelyn jocelyne jodie joe joël joel joëlle johan johanna john johnny jon jonas jonathan jordan jorge jose josé josée
    joseph joséphine josephine josette josh joshua josiane joyce juan juana judith judy jules julia julian juliana julie julien juliette
    justin justine kaitlyn kamal karen karim karin karine karl karolina kate katharine katherine kathleen kathryn kathy katie katrina
    kayla keira keith kelly ken kenneth kenza kevin kévin khadija khalid kieran kim kimberley kimberly kirsten kirsty krishna krystal
    kyle laetitia laëtitia laila lamia lars laura laure laureen lauren laurence laurent laurie léa lea leah leanne leila leïla léna lena
    léo leo léon leon leonard léonie leonie leslie leticia lewis liam lila liliane lilian lina linda lindsay lindsey linus lisa lise
    lisette liz lois loïc loïs lorena lorenzo lorraine lottie lou louane louis louisa louise luc luca lucas lucia lucie lucien lucienne
    lucile lucille lucy ludivine ludovic luis luisa luke lydia lydie lynn lynne mackenzie maddison maddie madeleine madison maëlle maëva
    magali magalie mahmoud maïwenn maisie malcolm malik mamadou manon manuel manuela marc marcel marcelle marcia marco marcus margaret
    margaux margot marguerite maria mariam marianne marie mariella mariana marilyn marina mario marion marjorie marlène marta martha
    martial martin martina martine mary maryam maryse mateo mathéo mathias mathieu mathilde mathis matilda matt matteo matthew matthias
    matthieu maud maureen maurice mauricette maxence maxim maxime maximilian maya meera megan mehdi melanie mélanie mélissa melissa mélodie
    meredith mia michael michaël michal michel michèle michelle miguel mike mikhail mila mildred milena millie mireille miriam
    mohamed mohammad mohammed moira molly mona monica monique morgan morgane moussa muhammad muriel murielle mustafa myriam nadège nadia
    nadine naomi natacha natalia natalie natasha nathalie nathan nathaniel neil nelson nesrine niamh nicholas nicola nicolas nicole nigel
    nikhil nina ninon noah noam noé noel noël noémie noemi nora norah norbert norman océane odette odile olga oliver olivia olivier
    omar oscar oskar oumar owen pablo paddy paige pamela paola paolo pascal pascale patrice patricia patrick paul paula paulette
    pauline pedro peggy perrine peter petra phil philip philippa philippe phillip phoebe pierre pierrick pierrette piotr priya quentin
    rachel rachid rafael raj rajesh ralph ramon raoul raphaël raphael raquel rashid raymond raymonde rebecca régine régis rémi rémy rene
    rené renée reuben rhiannon rhys ricardo richard rita robert roberta roberto robin rodney rodolphe rodrigo roger roland rolande romain
    romane roméo ronald ronan ronnie rory rosalie rosalind rosie ross rowan roxane roy rupert russell ruth ryan sabine sabrina said saïd
    sally sam samantha samia samir samira samuel sandra sandrine sandy sanjay sara sarah saskia scarlett scott sean sébastien sebastian
    selena selma séverine shane shannon sharon shaun shauna sheila shirley siân sidney sidonie siegfried simon simona simone sinead siobhan
    sofia sofiane solange solène sonia sonja sophia sophie stacey stan stanislas stéphane stéphanie stefan stella stephanie stephen steve
    steven stewart stuart suki sunita susan susanna susie suzanne suzette svetlana sven sylvain sylvaine sylvia sylviane sylvie tabitha
    tamara tania tanya tara tariq tatiana ted teresa terence thaïs théo theo theodore thérèse theresa thibault thibaut thierry thomas
    tiffany tim timothée timothy tina tobias toby todd tom tomas tommy tony tracey tracy trevor tristan ulysse ursula valentin valentina
    valentine valérie valerie vanessa vera véronique veronica vicky victor victoria viktor vincent viola violette virginia virginie vivian
    viviane vivien vladimir walter wanda warren wayne wendy wilfried wilfrid william willow xavier yacine yann yannick yasmin yasmine
    yassine yolande youssef yuki yusuf yves yvette yvonne zachary zainab zara zoe zoé
    """.split()
)
