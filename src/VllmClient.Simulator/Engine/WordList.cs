namespace Vllm.Simulator.Engine;

/// <summary>The words the simulator speaks, most common first.</summary>
static class WordList
{
    public const string English = """
        the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one you were her all she there would
        their we him been has when who will more no if out so said what up its about into than them can only other new some could these two may then do first
        any my now such like our over man me even most made after also did many before must through years where much your way well down should because each
        just those people how too little good very make own see men here get both between being under never same another know while last might us great old
        off come since against go came right used take three states himself few house use during without again place around however home small found thought
        went say part once general high upon school every does got united left number course until always away something fact though less public put think
        almost hand enough far took head yet better set nothing night end why called eyes find going look asked later knew point next city give days social
        present several order national second possible rather side among form important often things early large young true whole certain clear strong simple
        special single recent open easy free full human local sure real best black white late hard major economic military serious ready final common natural
        significant similar hot cold dead central happy wrong main dark various entire close legal religious financial democratic medical blue red green
        foreign fine necessary short low federal private past available popular basic known difficult useful heavy bright quiet narrow deep wide thick thin
        smooth rough soft sharp dry wet warm cool fresh sweet bitter rich poor fast slow loud gentle brave calm eager fair kind proud wise time year day thing
        woman life child world state family student group country problem case week company system program question work government water room mother area
        money story month lot study book eye job word business issue service friend father power hour game line member law car community name president team
        minute idea body information back parent face level office door health person art war history party result change morning reason research girl guy
        moment air teacher force education foot boy age policy process music market sense nation plan college interest death experience effect class control
        field development role effort rate heart drug show leader light voice wife police mind price report decision son view relationship town road arm
        difference value building action season society tax director position player record paper space ground event official matter center couple site
        project activity star table need court oil situation cost industry figure street image phone data picture practice piece land product doctor wall
        patient worker news test movie north love support technology step baby computer type attention film tree source hair window culture chance brother
        energy period summer plant opportunity term letter condition choice rule daughter south husband floor campaign material population call economy
        hospital church risk fire future bank west sport board subject officer rest behavior performance top goal bed author blood agency nature color store
        sound movement page race concern series language response animal factor decade article east artist scene stock career treatment approach size dog fund
        media sign list individual quality pressure answer resource meeting disease success cup amount ability staff character growth loss degree attack
        region television box training trade deal election feeling standard bill message analysis benefit sex lawyer section glass skill sister professor
        operation crime stage authority design knowledge gun station strategy truth song example environment leg discussion rock debate note exhibit mission
        theory cell key ball trip rain garden river ocean island mountain forest valley bridge engine motor wheel metal stone paint cloth bread sugar salt
        fruit apple bird fish horse flower seed root leaf branch cloud storm wind snow moon planet orbit galaxy particle atom molecule proton photon wave
        signal sensor circuit network server client packet token model layer weight tensor matrix vector graph node edge queue buffer cache block thread
        kernel memory disk file folder script method object array string integer pointer module library package version branchline measure metric latency
        sample quantile median average budget limit margin threshold experiment observer frame curve surface volume mass gravity clock mirror lens camera
        screen button menu panel map chart column row unit meter kilometer gram liter battery cable plug socket switch lamp candle shelf drawer chair desk
        carpet curtain pillow blanket kitchen spoon fork knife plate bottle basket bag coat shirt shoe hat ring coin ticket passport border harbor ship boat
        train plane truck bicycle ladder hammer nail screw tool machine factory farm barn fence gate path trail corner square circle triangle angle times ways
        worlds schools families students groups countries problems hands parts places cases weeks companies systems programs questions works governments
        numbers nights points homes rooms mothers areas stories facts months lots rights studies books jobs words businesses issues sides kinds heads houses
        services friends fathers powers hours games lines ends members laws cars cities communities names presidents teams minutes ideas bodies backs parents
        faces levels offices doors persons arts wars histories parties results changes mornings reasons girls guys moments teachers forces boys ages policies
        processes markets senses nations plans colleges interests deaths experiences effects classes controls fields developments roles efforts rates hearts
        drugs shows leaders lights voices minds prices reports decisions sons views relationships towns roads arms differences values buildings actions
        seasons societies taxes directors positions players records papers spaces grounds forms events officials matters centers couples sites projects
        activities stars tables needs courts oils situations costs industries figures streets images phones pictures practices pieces lands products doctors
        walls patients workers tests movies norths loves supports steps babies computers types films trees sources hairs windows cultures chances brothers
        energies periods courses summers plants opportunities terms letters conditions choices rules daughters souths husbands floors campaigns materials
        populations calls economies hospitals churches risks fires futures banks wests sports boards subjects officers behaviors performances tops goals
        seconds beds orders authors agencies natures colors stores sounds movements pages races concerns languages responses animals factors decades articles
        easts artists scenes stocks careers treatments approaches sizes dogs funds signs thoughts lists individuals qualities pressures answers resources
        meetings diseases successes cups amounts abilities characters growths losses degrees attacks regions televisions boxes trainings trades deals
        elections feelings standards bills messages analysises benefits sexes lawyers sections glasses skills sisters professors operations crimes stages
        authorities designs guns stations strategies truths songs examples environments legs darks discussions rocks debates notes exhibits missions theories
        cells keys balls trips rains gardens rivers oceans islands mountains forests valleys bridges engines motors wheels metals stones paints cloths breads
        sugars fruits apples birds horses flowers seeds roots branches clouds storms winds snows moons planets orbits galaxies particles atoms molecules
        protons photons waves signals sensors circuits networks servers clients packets tokens models layers weights tensors vectors graphs nodes edges queues
        buffers caches blocks threads kernels memories disks files folders scripts methods objects arrays strings integers pointers modules libraries packages
        versions branchlines measures metrics latencies samples quantiles medians averages budgets limits margins thresholds experiments observers frames
        curves surfaces volumes masses clocks mirrors lenses cameras screens buttons menus panels maps charts columns rows units meters kilometers grams
        liters batteries cables plugs sockets switches lamps candles drawers chairs desks carpets curtains pillows blankets kitchens spoons forks plates
        bottles baskets bags coats shirts shoes hats rings coins tickets passports borders harbors ships boats trains planes trucks bicycles ladders hammers
        nails screws tools machines factories farms barns fences gates paths trails corners squares circles triangles angles worked working looked looking ask
        asking needed needing seem seemed seeming help helped helping showed showing play played playing turn turned turning start started starting calling
        talk talked talking happen happened happening learn learned learning pointed pointing kick kicked kicking add added adding watch watched watching
        follow followed following walk walked walking opened opening offer offered offering allow allowed allowing remember remembered remembering reach
        reached reaching pass passed passing kill killed killing suggest suggested suggesting raise raised raising remain remained remaining expect expected
        expecting appear appeared appearing wait waited waiting want wanted wanting pull pulled pulling reported reporting return returned returning develop
        developed developing explain explained explaining hope hoped hoping join joined joining receive received receiving consider considered considering
        enter entered entering share shared sharing push pushed pushing formed forming claim claimed claiming supported supporting cover covered covering
        listen listened listening affect affected affecting count counted counting answered answering recorded recording treat treated treating pick picked
        picking presented presenting contain contained containing mattered mattering ordered ordering tested testing trained deliver delivered delivering act
        acted acting mention mentioned mentioning attend attended attending fill filled filling climb climbed climbing travel traveled traveling designed
        designing express expressed expressing gather gathered gathering wonder wondered wondering clean cleaned cleaning fix fixed fixing thank thanked
        thanking landed landing march marched marching touch touched touching noted noting mark
        """;

    public const string Chinese =
        "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然" +
        "没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长义广论绍介知民样现分将外但身些与高意进把" +
        "法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平" +
        "真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路" +
        "期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色";
}
